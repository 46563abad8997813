package dev.leasehold.core.lease;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.json.MaxBytes;
import dev.leasehold.core.json.Wire;
import java.util.List;
import java.util.Optional;

/** The unsigned objects in which envelopes travel (protocol §6, §7.1, §11.1). */
public final class Bundles {
  public static final int MAX_BYTES = 65_536;
  public static final int MAX_EVIDENCE_BYTES = 262_144;

  private Bundles() {}

  /** {@code GET /v1/leases/{id}/bundle}. */
  public record LeaseBundle(
      Envelope roster,
      Envelope measurements,
      Envelope borrower,
      Envelope lease,
      @Wire("package") Envelope modelPackage) {}

  /** Reply to a hello. */
  public record Enrolled(Envelope challenge, Hash relayToken) {}

  /** What the relay hands an enclave that starts. */
  public record Start(
      Envelope challenge,
      Envelope roster,
      Envelope measurements,
      Envelope borrower,
      Envelope lease,
      @Wire("package") Envelope modelPackage) {}

  /** Evidence with the hardware's own proof. */
  public record EvidencePost(
      Envelope evidence, Tee tee, Bytes quote, List<Bytes> certs, List<GpuReport> gpu) {}

  /** One GPU's report and chain. */
  public record GpuReport(Bytes report, List<Bytes> certs) {}

  /**
   * Reply to accepted evidence; grant and key release are absent on re-attestation, the staple
   * while the lease is suspended.
   */
  public record EnrolmentReply(
      Envelope appraisal,
      Optional<Envelope> grant,
      Optional<Envelope> keyrelease,
      Optional<Envelope> staple,
      Json.Obj gate) {}

  /** A heartbeat and the grant it acknowledges. */
  public record HeartbeatPost(Envelope heartbeat, Envelope lastGrant) {}

  /** Reply to a heartbeat. */
  public record HeartbeatReply(
      Envelope grant,
      Optional<Envelope> staple,
      List<CommandItem> commands,
      List<Envelope> lease,
      List<Envelope> roster,
      Json.Obj gate) {}

  /** A command with the order behind it, if there is one. */
  public record CommandItem(Envelope command, Optional<Envelope> order) {}

  /** Reply of the command poll. */
  public record CommandsReply(List<CommandItem> commands) {}

  /** A final, the grant it acknowledges and the heartbeat that was never answered. */
  public record FinalPost(
      @Wire("final") Envelope finalEnvelope,
      Optional<Envelope> lastGrant,
      Optional<Envelope> unanswered) {}

  /** Reply to a final. */
  public record FinalReply(Envelope closure) {}

  /** Reply to a registered object. */
  public record Registered(Hash hash) {}

  /**
   * Reply to an order: for a stop, the exposure of its own transaction.
   *
   * @param x the most that can still be consumed, by everything together, ever
   */
  public record OrderReply(Hash hash, Vec x, List<Id> unresolved, Vec residual) {}

  /**
   * {@code GET /v1/instances/{id}/cessation}: how far one enclave has got in proving that it
   * stopped.
   *
   * @param evidence its newest, which names its key
   * @param grant the newest it was given
   * @param writeOff the approvers' order that gave it up
   */
  public record Ending(
      Envelope evidence,
      Envelope grant,
      @Wire("final") Optional<Envelope> finalEnvelope,
      Optional<Envelope> closure,
      Optional<Envelope> writeOff) {}

  /**
   * The proof of cessation of a lease as a file; {@link Cessation} checks it.
   *
   * @param stops the REVOKE of the whole lease with its order, if there is one
   * @param instances every enclave that was ever given a grant
   */
  public record CessationFile(
      Envelope roster, Envelope lease, List<CommandItem> stops, List<Ending> instances) {}

  /** {@code GET /.well-known/leasehold}: all a consumer needs to decide whether to trust. */
  public record WellKnown(
      Envelope roster,
      Envelope measurements,
      Envelope lease,
      @Wire("package") Envelope modelPackage,
      EvidencePost evidence,
      Envelope appraisal,
      Envelope keyconfig,
      Envelope staple,
      List<Bytes> collateral,
      @MaxBytes(4096) String checkpoint) {

    /** The same beside what the custodian's log says, which the enclave itself cannot know. */
    public WellKnown withCheckpoint(String note) {
      return new WellKnown(
          roster,
          measurements,
          lease,
          modelPackage,
          evidence,
          appraisal,
          keyconfig,
          staple,
          collateral,
          note);
    }
  }
}
