package dev.leasehold.enclave.life;

/** The process is not set up so that secrets stay in its memory. */
public final class HostRefused extends Exception {
  private static final long serialVersionUID = 1L;

  HostRefused(String what, String expected, String found, String remedy) {
    super(what + ": expected " + expected + ", found " + found + "; " + remedy);
  }
}
