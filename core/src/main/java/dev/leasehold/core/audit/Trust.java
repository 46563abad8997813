package dev.leasehold.core.audit;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.dsse.Kind;
import dev.leasehold.core.dsse.SignatureEntry;
import dev.leasehold.core.lease.EvidenceStatement;
import dev.leasehold.core.lease.Measurements;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Quorum;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.lease.Statements;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Opens statements with public keys: the roster's in force, and those of enclaves' evidence. */
final class Trust {
  private final Optional<Hash> pinned;
  private final Story story;
  private @Nullable Statement<Roster> roster;

  Trust(Optional<Hash> pinned, Story story) {
    this.pinned = pinned;
    this.story = story;
  }

  Optional<Statement<Roster>> inForce() {
    return Optional.ofNullable(roster);
  }

  void putInForce(Statement<Roster> next) {
    roster = next;
  }

  /** Without a pin the first roster says whose signatures count; all others keep its approvers. */
  Statement<Roster> roster(Envelope e) throws Malformed, BadSignature {
    Hash approvers;
    if (pinned.isPresent()) {
      approvers = pinned.get();
    } else if (roster != null) {
      approvers = roster.body().approverSet();
    } else {
      approvers = Statements.ROSTER.decode(e.payload().toArray()).approverSet();
    }
    return Statement.of(Quorum.roster(e, approvers));
  }

  <T extends Record> Statement<T> standing(Kind<T> kind, Envelope e)
      throws Malformed, BadSignature {
    return Statement.of(Quorum.standing(kind, e, known()));
  }

  Statement<Measurements> measurements(Envelope e) throws Malformed, BadSignature {
    return Statement.of(Quorum.measurements(e, known()));
  }

  Statement<Order> order(Envelope e) throws Malformed, BadSignature {
    return Statement.of(Quorum.order(e, known()));
  }

  <T extends Record> Statement<T> custodian(Kind<T> kind, Envelope e, ToLongFunction<T> issuedAt)
      throws Malformed, BadSignature {
    Statement<T> statement = Statement.of(Quorum.byGrantKey(kind, e, known(), issuedAt));
    story.signedAt(issuedAt.applyAsLong(statement.body()));
    return statement;
  }

  Statement<EvidenceStatement> evidence(Envelope e) throws Malformed, BadSignature {
    return Statement.of(Dsse.openSelfSigned(Statements.EVIDENCE, e, EvidenceStatement::ikRecord));
  }

  /**
   * Opens what an enclave says. A log holds no enclave's key, only its name: there a signature is
   * compared by name and its bytes cannot be checked.
   */
  <T extends Record> Statement<T> enclave(Kind<T> kind, Envelope e, Function<T, Id> instance)
      throws Malformed, BadSignature {
    T body = kind.decode(e.payload().toArray());
    InstanceStory sender = story.instances.get(instance.apply(body));
    Set<Hash> names = e.signatures().stream().map(SignatureEntry::key).collect(Collectors.toSet());
    Optional<KeyRecord> key = Optional.ofNullable(sender).flatMap(i -> i.key(names));
    if (key.isPresent()) {
      return Statement.of(Dsse.open(kind, e, key.get()));
    }
    boolean named = sender != null && sender.keyid().map(Set::of).filter(names::equals).isPresent();
    if (story.scope == Scope.LOG && named) {
      return new Statement<>(body, e.hash(), names);
    }
    throw new BadSignature(
        kind.name() + ": no evidence of instance " + instance.apply(body) + " is here");
  }

  private Roster known() throws BadSignature {
    if (roster == null) {
      throw new BadSignature("no roster stands before it to check it against");
    }
    return roster.body();
  }
}
