package dev.leasehold.core.lease;

import dev.leasehold.core.bytes.Id;

/** One instance in hex, or {@code "*"}: every instance of the lease (protocol §6.4). */
public record Target(String spelling) {
  public static final Target ALL = new Target("*");

  public Target {
    if (!spelling.equals("*")) {
      new Id(spelling).bytes();
    }
  }

  public static Target of(Id instance) {
    return new Target(instance.hex());
  }

  public boolean covers(Id instance) {
    return spelling.equals("*") || spelling.equals(instance.hex());
  }

  @Override
  public String toString() {
    return spelling;
  }
}
