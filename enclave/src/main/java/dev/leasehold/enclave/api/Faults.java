package dev.leasehold.enclave.api;

import java.util.Arrays;

/** Tells of bugs without telling of requests: the message of an exception may quote a prompt. */
final class Faults {
  private static final System.Logger LOG = System.getLogger("leasehold.enclave");

  private Faults() {}

  /** Logs which kind of exception came from where, nothing it says. */
  static void log(RuntimeException e) {
    String where =
        Arrays.stream(e.getStackTrace())
            .filter(frame -> frame.getClassName().startsWith("dev.leasehold."))
            .findFirst()
            .map(frame -> " at " + frame)
            .orElse("");
    LOG.log(System.Logger.Level.ERROR, "api-fault: " + e.getClass().getName() + where);
  }
}
