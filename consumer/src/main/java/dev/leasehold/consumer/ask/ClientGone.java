package dev.leasehold.consumer.ask;

import java.io.IOException;

/** The client of the proxy no longer listens: the enclave need not go on. */
public final class ClientGone extends IOException {
  private static final long serialVersionUID = 1L;

  public ClientGone(IOException cause) {
    super(cause);
  }
}
