package dev.leasehold.enclave.attest;

import java.io.IOException;

/** One entry of the kernel's configfs-tsm report interface. */
interface TsmEntry {
  /** Asks for a report on these bytes, written in one piece. */
  void writeInblob(byte[] data) throws IOException;

  /** The report. Fails with an {@link IOException} while another request is under way. */
  byte[] readOutblob() throws IOException;

  /** What the host offers beside the report; empty when it offers nothing. */
  byte[] readAuxblob() throws IOException;

  /** How often the entry was written to since it was made. */
  String readGeneration() throws IOException;

  /** The driver behind it, such as {@code sev_guest}. */
  String readProvider() throws IOException;
}
