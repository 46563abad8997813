package dev.leasehold.core.lease;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.dsse.Kind;
import dev.leasehold.core.dsse.Parsed;
import dev.leasehold.core.dsse.Signed;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * Who must have signed what, under a roster (protocol §4.2, §6.1): approvers in sufficient number
 * for standing objects, a grant key within its validity for what the custodian's server says.
 */
public final class Quorum {
  private Quorum() {}

  /**
   * Opens a roster of exactly the approvers one was told to trust, signed by enough of them.
   *
   * @param approverSet the pinned {@link Roster#approverSet}
   */
  public static Signed<Roster> roster(Envelope envelope, Hash approverSet)
      throws Malformed, BadSignature {
    Signed<Roster> roster =
        Dsse.openSignedByListed(Statements.ROSTER, envelope, Quorum::approverKeys);
    Hash found = roster.body().approverSet();
    if (!found.equals(approverSet)) {
      throw new BadSignature(
          "roster: expected the approver set " + approverSet + ", found " + found);
    }
    requireQuorum("roster", roster.signers(), roster.body(), roster.body().threshold().grant());
    return roster;
  }

  /** Opens a standing object that needs {@code threshold.grant} approvers. */
  public static <T extends Record> Signed<T> standing(
      Kind<T> kind, Envelope envelope, Roster roster) throws Malformed, BadSignature {
    return open(kind, envelope, roster, roster.threshold().grant());
  }

  /** Opens a measurement set, which needs {@code threshold.measure} approvers. */
  public static Signed<Measurements> measurements(Envelope envelope, Roster roster)
      throws Malformed, BadSignature {
    return open(Statements.MEASUREMENTS, envelope, roster, roster.threshold().measure());
  }

  /**
   * Opens an order signed by those who may give it: one person who may stop for a stop, one
   * approver for a recall, the quorum for everything else (protocol §6.4).
   */
  public static Signed<Order> order(Envelope envelope, Roster roster)
      throws Malformed, BadSignature {
    Signed<Order> signed =
        Dsse.openSignedByListed(
            Statements.ORDER,
            envelope,
            o -> o.action().stops() ? stopperKeys(roster) : approverKeys(roster));
    if (signed.body().action().needsQuorum()) {
      requireQuorum("order", signed.signers(), roster, roster.threshold().grant());
    }
    return signed;
  }

  /** Opens a statement of the custodian's server: one grant key, valid when it was issued. */
  public static <T extends Record> Signed<T> byGrantKey(
      Kind<T> kind, Envelope envelope, Roster roster, ToLongFunction<T> issuedAt)
      throws Malformed, BadSignature {
    return valid(kind.name(), Dsse.open(kind, envelope, grantKeys(roster)), roster, issuedAt);
  }

  /** As the other {@code byGrantKey}, of what was parsed already. */
  public static <T extends Record> Signed<T> byGrantKey(
      Parsed<T> parsed, Roster roster, ToLongFunction<T> issuedAt) throws BadSignature {
    Signed<T> signed = parsed.verified(grantKeys(roster));
    return valid(parsed.kind().name(), signed, roster, issuedAt);
  }

  private static <T extends Record> Signed<T> valid(
      String what, Signed<T> signed, Roster roster, ToLongFunction<T> issuedAt)
      throws BadSignature {
    long at = issuedAt.applyAsLong(signed.body());
    for (Hash signer : signed.signers()) {
      if (roster.grantKey(signer, at).isEmpty()) {
        throw new BadSignature(what + ": grant key " + signer + " is not valid at issuedAt " + at);
      }
    }
    return signed;
  }

  private static List<KeyRecord> grantKeys(Roster roster) {
    return roster.grantKeys().stream().map(Roster.GrantKey::key).toList();
  }

  private static <T extends Record> Signed<T> open(
      Kind<T> kind, Envelope envelope, Roster roster, long threshold)
      throws Malformed, BadSignature {
    Signed<T> signed = Dsse.open(kind, envelope, approverKeys(roster));
    requireQuorum(kind.name(), signed.signers(), roster, threshold);
    return signed;
  }

  /** Distinct keys and distinct persons both count: one person with two keys is one person. */
  private static void requireQuorum(String what, Set<Hash> signers, Roster roster, long threshold)
      throws BadSignature {
    long persons =
        roster.approvers().stream()
            .filter(a -> signers.contains(a.key().keyid()))
            .map(Roster.Approver::person)
            .distinct()
            .count();
    if (persons < threshold) {
      throw new BadSignature(
          what + ": expected signatures of " + threshold + " approvers, found " + persons);
    }
  }

  private static List<KeyRecord> approverKeys(Roster roster) {
    return roster.approvers().stream().map(Roster.Approver::key).toList();
  }

  private static List<KeyRecord> stopperKeys(Roster roster) {
    Stream<KeyRecord> operators =
        roster.operators().stream()
            .filter(o -> o.can().contains(Roster.Capability.STOP))
            .map(Roster.Operator::key);
    return Stream.concat(approverKeys(roster).stream(), operators).toList();
  }
}
