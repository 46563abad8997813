package dev.leasehold.core.lease;

import static dev.leasehold.core.bytes.Malformed.requireSame;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The proof of cessation of a lease, checked with public keys alone (protocol §6.4): for each
 * enclave its final, signed when it had stopped and wiped, and the custodian's closure of it.
 *
 * <p>What it does not prove: that the custodian has listed every enclave. Grants 0 in its log do.
 *
 * @param approverSet under whose roster everything was signed
 * @param stops what ended the lease for good; empty when it expired, or still runs
 */
public record Cessation(
    Hash approverSet, Signed<Lease> lease, List<Stop> stops, List<Instance> instances) {

  /** A REVOKE of the whole lease, and the order behind it. */
  public record Stop(Command command, Optional<Order> order) {}

  /** One enclave and how it ended. */
  public sealed interface Instance {
    Id id();

    /** Proven use: exact for an enclave that ceased, else the newest that it reported. */
    Vec used();
  }

  /** It stopped, wiped, and said so. */
  public record Ceased(Id id, Vec used, Final.Reason reason, long closedAt) implements Instance {}

  /** It never said so, and the approvers gave it up. */
  public record WrittenOff(Id id, Vec used, Vec residual) implements Instance {}

  /** It has not said so: it may still consume {@code x}. */
  public record Unresolved(Id id, Vec used, Vec x) implements Instance {}

  /**
   * Checks everything in the file.
   *
   * @param approverSet whose lease it must be
   */
  public static Cessation verify(Bundles.CessationFile file, Hash approverSet)
      throws Malformed, BadSignature {
    Roster roster = Quorum.roster(file.roster(), approverSet).body();
    Signed<Lease> lease = Quorum.standing(Statements.LEASE, file.lease(), roster);
    Check check = new Check(roster, lease.body().leaseId());
    List<Stop> stops = new ArrayList<>();
    for (Bundles.CommandItem item : file.stops()) {
      stops.add(check.stop(item));
    }
    List<Instance> instances = new ArrayList<>();
    Set<Id> seen = new HashSet<>();
    for (Bundles.Ending ending : file.instances()) {
      Instance instance = check.instance(ending);
      if (!seen.add(instance.id())) {
        throw new Malformed("instances", "each enclave once", instance.id() + " twice");
      }
      instances.add(instance);
    }
    return new Cessation(approverSet, lease, stops, instances);
  }

  /** The approver set that a file claims for itself; to be compared with what one knows. */
  public static Hash claimedApprovers(Bundles.CessationFile file) throws Malformed {
    requireSame("roster.payloadType", Statements.ROSTER.payloadType(), file.roster().payloadType());
    return Statements.ROSTER.decode(file.roster().payload().toArray()).approverSet();
  }

  /** True when nothing of the lease can be consumed any more but what was written off. */
  public boolean isComplete() {
    return instances.stream().noneMatch(Unresolved.class::isInstance);
  }

  /** The most that can still be consumed, written-off enclaves left out. */
  public Vec x() {
    return sum(i -> i instanceof Unresolved(_, _, Vec x) ? x : Vec.ZERO);
  }

  /** What written-off enclaves may have consumed or may yet consume. */
  public Vec residual() {
    return sum(i -> i instanceof WrittenOff(_, _, Vec residual) ? residual : Vec.ZERO);
  }

  /** Proven use of all enclaves together. */
  public Vec used() {
    return sum(Instance::used);
  }

  private Vec sum(Function<Instance, Vec> part) {
    return Vec.sumOrMax(instances.stream().map(part));
  }

  /** The checks of one lease's statements. */
  private record Check(Roster roster, Id leaseId) {

    Stop stop(Bundles.CommandItem item) throws Malformed, BadSignature {
      Command command =
          Quorum.byGrantKey(Statements.COMMAND, item.command(), roster, Command::issuedAt).body();
      requireSame("command.leaseId", leaseId, command.leaseId());
      requireSame("command.type", Command.Type.REVOKE, command.type());
      requireSame("command.instanceId", Target.ALL, command.instanceId());
      requireSame("command.order", command.order(), item.order().map(Envelope::hash));
      Optional<Order> order = Optional.empty();
      if (item.order().isPresent()) {
        order = Optional.of(Quorum.order(item.order().get(), roster).body());
        requireSame("order.leaseId", leaseId, order.get().leaseId());
      }
      return new Stop(command, order);
    }

    Instance instance(Bundles.Ending ending) throws Malformed, BadSignature {
      EvidenceStatement evidence =
          Dsse.openSelfSigned(Statements.EVIDENCE, ending.evidence(), EvidenceStatement::ikRecord)
              .body();
      requireSame("evidence.leaseId", leaseId, evidence.leaseId());
      Signed<Grant> grant =
          Quorum.byGrantKey(Statements.GRANT, ending.grant(), roster, Grant::issuedAt);
      requireSame("grant.leaseId", leaseId, grant.body().leaseId());
      requireSame("grant.instanceId", evidence.instanceId(), grant.body().instanceId());
      requireSame("grant.ik", evidence.ikRecord().keyid(), grant.body().ik());
      if (ending.finalEnvelope().isPresent() || ending.closure().isPresent()) {
        return ceased(ending, evidence, grant);
      }
      Vec rest = rest(grant.body());
      return ending.writeOff().isPresent()
          ? writtenOff(ending.writeOff().get(), grant.body(), rest)
          : new Unresolved(evidence.instanceId(), grant.body().used(), rest);
    }

    private Ceased ceased(Bundles.Ending ending, EvidenceStatement evidence, Signed<Grant> grant)
        throws Malformed, BadSignature {
      Signed<Final> last =
          Dsse.open(
              Statements.FINAL, present("final", ending.finalEnvelope()), evidence.ikRecord());
      requireSame("final.leaseId", leaseId, last.body().leaseId());
      requireSame("final.instanceId", evidence.instanceId(), last.body().instanceId());
      Closure closure =
          Quorum.byGrantKey(
                  Statements.CLOSURE,
                  present("closure", ending.closure()),
                  roster,
                  Closure::issuedAt)
              .body();
      requireSame("closure.leaseId", leaseId, closure.leaseId());
      requireSame("closure.instanceId", evidence.instanceId(), closure.instanceId());
      requireSame("closure.final", last.hash(), closure.finalHash());
      requireSame("closure.used", last.body().used(), closure.used());
      requireSame(
          "closure.refund + used",
          grant.body().allow(),
          closure.refund().plusOrMax(closure.used()));
      return new Ceased(
          evidence.instanceId(), last.body().used(), last.body().reason(), closure.issuedAt());
    }

    private WrittenOff writtenOff(Envelope envelope, Grant grant, Vec rest)
        throws Malformed, BadSignature {
      Order order = Quorum.order(envelope, roster).body();
      requireSame("writeOff.action", Order.Action.WRITE_OFF, order.action());
      requireSame("writeOff.leaseId", leaseId, order.leaseId());
      requireSame("writeOff.instanceId", Target.of(grant.instanceId()), order.instanceId());
      return new WrittenOff(grant.instanceId(), grant.used(), rest);
    }

    private static Vec rest(Grant grant) throws Malformed {
      if (!grant.used().atMost(grant.allow())) {
        throw new Malformed(
            "grant.used", "at most allow " + grant.allow(), grant.used().toString());
      }
      return grant.allow().minus(grant.used());
    }

    private static Envelope present(String field, Optional<Envelope> envelope) throws Malformed {
      return envelope.orElseThrow(
          () -> new Malformed(field, "final and closure together", "one of them"));
    }
  }
}
