package dev.leasehold.cli;

import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Vec;
import java.util.List;

/**
 * The number on the off-switch, in words (protocol §3): before the click from the books, after it
 * from the stop's own transaction. Nothing is called stopped while an enclave is unresolved.
 */
final class Exposure {
  private Exposure() {}

  /** What the lease could consume if it were stopped now, and through which enclaves. */
  static void before(Console console, LeaseView lease) {
    List<LeaseView.Instance> able = lease.unresolved();
    console.line(console.bold("lease " + lease.id()) + "  " + lease.state() + "  " + lease.model());
    console.fact(
        "X now",
        (lease.xKnown() ? "" : "unknown, ")
            + Amounts.atMost(lease.x())
            + " beyond what is proven used, by "
            + enclaves(able.size()));
    able.forEach(
        i -> console.fact("", i.id() + "  " + Amounts.atMost(i.x()) + "; " + LeaseView.inWords(i)));
    residual(console, lease.residual());
  }

  /** What the custodian answered to an order. */
  static void after(Console console, Order.Action action, Bundles.OrderReply reply) {
    console.line(console.bold(action + " committed") + " by the custodian");
    console.fact("order", reply.hash());
    console.fact("X", meaning(action, reply));
    if (reply.unresolved().isEmpty()) {
      console.fact("unresolved", "none");
    } else {
      console.fact(
          "unresolved", enclaves(reply.unresolved().size()) + " without proof of having stopped");
      reply.unresolved().forEach(i -> console.fact("", i));
    }
    residual(console, reply.residual());
  }

  /** Shown wherever a lease is: an enclave that was written off was never seen to stop. */
  static void residual(Console console, Vec residual) {
    if (!residual.isZero()) {
      console.fact(
          "residual",
          Amounts.atMost(residual) + " beyond X, for ever: written off, never proven unused");
    }
  }

  static String enclaves(int n) {
    return n == 1 ? "1 enclave" : n + " enclaves";
  }

  private static String meaning(Order.Action action, Bundles.OrderReply reply) {
    String most = Amounts.atMost(reply.x());
    String by = reply.unresolved().isEmpty() ? "" : ", by these enclaves together";
    return switch (action) {
      case REVOKE -> most + " more" + by + ", for ever";
      case SUSPEND -> most + " more" + by + ", until a quorum resumes the lease";
      case DRAIN, QUARANTINE ->
          Amounts.inWords(reply.x())
              + " promised and not proven used; the lease goes on and may grant more: only a"
              + " suspend or a revoke bounds it";
      case RESUME, RECALL, ACTIVATE, WRITE_OFF ->
          Amounts.inWords(reply.x()) + " promised and not proven used";
    };
  }
}
