package dev.leasehold.enclave.attest;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** An entry that behaves as the kernel's does, including when others use it too. */
final class FakeTsmEntry implements TsmEntry {
  /** What goes wrong in the next attempt. */
  enum Trouble {
    /** The platform's mailbox is in use: EBUSY on writing. */
    BUSY_ON_WRITE,
    /** The same on reading. */
    BUSY_ON_READ,
    /** Another program writes between our write and our read: we read a report of its data. */
    RACE,
    /** The counter is read while it changes. */
    TORN_GENERATION,
    /** The report is not there yet. */
    EMPTY
  }

  final Deque<Trouble> troubles = new ArrayDeque<>();
  String provider = "sev_guest";
  byte[] auxblob = {};
  int writes;
  private byte[] inblob = {};
  private long generation = 41;

  @Override
  public void writeInblob(byte[] data) throws IOException {
    writes++;
    if (troubles.peek() == Trouble.BUSY_ON_WRITE) {
      troubles.remove();
      throw new IOException("Device or resource busy");
    }
    inblob = data.clone();
    generation++;
    if (troubles.peek() == Trouble.RACE) {
      troubles.remove();
      inblob = new byte[64];
      generation++;
    }
  }

  @Override
  public byte[] readOutblob() throws IOException {
    if (troubles.peek() == Trouble.BUSY_ON_READ) {
      troubles.remove();
      throw new IOException("Device or resource busy");
    }
    if (troubles.peek() == Trouble.EMPTY) {
      troubles.remove();
      return new byte[0];
    }
    return inblob.clone();
  }

  @Override
  public byte[] readAuxblob() {
    return auxblob.clone();
  }

  @Override
  public String readGeneration() {
    if (troubles.peek() == Trouble.TORN_GENERATION) {
      troubles.remove();
      return "";
    }
    return Long.toString(generation);
  }

  @Override
  public String readProvider() {
    return provider;
  }
}
