package dev.leasehold.adversary.model;

import dev.leasehold.core.lease.Vec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What can be seen of a world at one instant: the model's {@code lease}, {@code db} and {@code
 * enc}.
 */
public record Facts(
    LeaseState lease,
    long epoch,
    Vec reserved,
    Caps caps,
    Map<String, Row> rows,
    Map<String, Machine> machines) {

  /** {@code lease.st}; revoked, expired and settled are one: nothing leads back from them. */
  public enum LeaseState {
    ACTIVE,
    SUSPENDED,
    STOPPED
  }

  /** What is not as it was, for a reader. */
  List<String> differences(Facts before) {
    List<String> out = new ArrayList<>();
    note(out, "lease.st", before.lease, lease);
    note(out, "lease.ep", before.epoch, epoch);
    note(out, "lease.res", before.reserved, reserved);
    note(out, "caps", before.caps, caps);
    rows.forEach((i, row) -> note(out, "db[" + i + "]", before.rows.get(i), row));
    machines.forEach((i, m) -> note(out, "enc[" + i + "]", before.machines.get(i), m));
    return out;
  }

  private static void note(List<String> out, String what, @Nullable Object before, Object now) {
    if (!now.equals(before)) {
      out.add(what + " from " + before + " to " + now);
    }
  }
}
