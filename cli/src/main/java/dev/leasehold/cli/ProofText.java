package dev.leasehold.cli;

import dev.leasehold.core.lease.Cessation;
import dev.leasehold.core.lease.Order;
import java.time.Instant;

/** A proof of cessation in words: who signed what, what follows, and what does not. */
final class ProofText {
  private ProofText() {}

  /**
   * Prints a proof that was verified.
   *
   * @param known true when the caller named the approvers, false when the proof did
   */
  static void print(Console console, Cessation proof, boolean known) {
    console.line(console.bold("proof of cessation of lease " + proof.lease().body().leaseId()));
    for (Cessation.Stop stop : proof.stops()) {
      console.fact(
          "revoked",
          Instant.ofEpochMilli(stop.command().issuedAt())
              + stop.order()
                  .map(Order::reason)
                  .filter(r -> !r.isEmpty())
                  .map(r -> ": " + r)
                  .orElse(""));
    }
    for (Cessation.Instance i : proof.instances()) {
      console.fact("enclave", i.id() + "  " + inWords(i));
    }
    console.fact("proven use", Amounts.inWords(proof.used()));
    Exposure.residual(console, proof.residual());
    console.fact(
        "verdict",
        proof.isComplete()
            ? console.green("complete") + ": nothing more can be consumed by these enclaves"
            : console.red("incomplete")
                + ": "
                + Amounts.atMost(proof.x())
                + " more, by those"
                + " that have not ceased");
    console.fact(
        "signed by",
        "each enclave's own key and the custodian's grant key, under approvers "
            + (known ? "you named" : "the proof names itself: compare them with those you know"));
    console.fact("", "approver set " + proof.approverSet());
    console.fact("not proven", "that the custodian has listed every enclave: its log shows that");
  }

  private static String inWords(Cessation.Instance instance) {
    return switch (instance) {
      case Cessation.Ceased(_, var used, var reason, long at) ->
          "ceased ("
              + reason
              + ") after "
              + Amounts.inWords(used)
              + "; closed "
              + Instant.ofEpochMilli(at);
      case Cessation.WrittenOff(_, var used, var residual) ->
          "written off after "
              + Amounts.inWords(used)
              + "; "
              + Amounts.atMost(residual)
              + " more was never proven unused";
      case Cessation.Unresolved(_, _, var x) -> "NOT ceased: " + Amounts.atMost(x) + " more";
    };
  }
}
