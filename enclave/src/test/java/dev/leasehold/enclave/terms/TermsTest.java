package dev.leasehold.enclave.terms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signer;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Challenge;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.enclave.testing.Approvers;
import dev.leasehold.enclave.testing.ScriptedCustodian;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is handed over at boot and what may replace it (protocol §6.2, §6.3; AR-17, CF-04). */
final class TermsTest {
  private final ScriptedCustodian custodian =
      new ScriptedCustodian(Approvers.emptyPackage(), terms -> {});
  private final Program program = program(custodian.people.approverSet());

  @Test
  void aCorrectStartIsAccepted() throws Exception {
    Challenged challenged = Challenged.accept(custodian.start(), program);
    assertThat(challenged.terms().lease().body()).isEqualTo(custodian.lease);
  }

  @Tag("AR-17")
  @Test
  void aForeignRosterIsRefusedAtBoot() {
    assertThatThrownBy(() -> Challenged.accept(custodian.start(), program(Approvers.hash(77))))
        .hasMessageContaining("approver set");
  }

  @Test
  void aLeaseSignedByAnyoneElseIsRefused() {
    for (Signer signer : new Signer[] {custodian.people.grantKey, custodian.people.operator}) {
      Envelope lease = Dsse.sign(Statements.LEASE, custodian.lease, signer).envelope();
      Bundles.Start start = custodian.start(roster(), lease, c -> c);
      assertThatThrownBy(() -> Challenged.accept(start, program)).hasMessageContaining("lease");
    }
  }

  @Test
  void aLeaseOfAnotherPackageIsRefused() {
    custodian.lease = changed(d -> d.modelPackage = Approvers.hash(55));
    assertThatThrownBy(() -> Challenged.accept(custodian.start(), program))
        .hasMessageContaining("lease.package");
  }

  @Test
  void aChallengeForOtherObjectsIsRefused() {
    Bundles.Start start =
        custodian.start(roster(), lease(), c -> bent(c, Approvers.hash(66), c.lease()));
    assertThatThrownBy(() -> Challenged.accept(start, program))
        .hasMessageContaining("challenge.roster");
    Bundles.Start other =
        custodian.start(roster(), lease(), c -> bent(c, c.roster(), Approvers.hash(66)));
    assertThatThrownBy(() -> Challenged.accept(other, program))
        .hasMessageContaining("challenge.lease");
  }

  @Test
  void aChallengeByAKeyThatIsNoGrantKeyIsRefused() {
    custodian.gk = custodian.people.operator;
    assertThatThrownBy(() -> Challenged.accept(custodian.start(), program))
        .hasMessageContaining("challenge");
  }

  @Test
  void aLeaseThatNeedsAnotherClockIsRefused() {
    custodian.lease = changed(d -> d.clock = Lease.ClockClass.TDX);
    assertThatThrownBy(() -> Challenged.accept(custodian.start(), program))
        .hasMessageContaining("lease.clock");
  }

  @Test
  void theNextVersionOfALeaseIsTaken() throws Exception {
    Terms terms = Challenged.accept(custodian.start(), program).terms();
    Terms next = terms.withLease(custodian.people.sign(successor(terms, d -> d.notAfter++)));
    assertThat(next.lease().body().version()).isEqualTo(2);
  }

  @Test
  void aLeaseThatIsNotTheSuccessorIsRefused() throws Exception {
    Terms terms = Challenged.accept(custodian.start(), program).terms();
    refused(terms, successor(terms, d -> d.version = 3), "lease.version");
    refused(
        terms,
        successor(terms, d -> d.supersedes = Optional.of(Approvers.hash(1))),
        "lease.supersedes");
    refused(terms, successor(terms, d -> d.borrowerId = Approvers.id(50)), "lease.borrowerId");
    refused(terms, successor(terms, d -> d.leaseId = Approvers.id(50)), "lease.leaseId");
    refused(terms, successor(terms, d -> d.modelPackage = Approvers.hash(1)), "lease.package");
    refused(terms, successor(terms, d -> d.notBefore++), "lease.notBefore");
  }

  @Tag("D8")
  @Tag("D10")
  @Test
  void theNextRosterBringsItsGrantKeys() throws Exception {
    Terms terms = Challenged.accept(custodian.start(), program).terms();
    Terms next =
        terms.withRoster(
            custodian.people.sign(
                custodian.people.roster(
                    2, Optional.of(terms.roster().hash()), custodian.people.nextGrantKey)));
    custodian.gk = custodian.people.nextGrantKey;
    Envelope challenge = custodian.start().challenge();
    assertThat(next.granted(Statements.CHALLENGE, challenge, Challenge::issuedAt).body().leaseId())
        .isEqualTo(Approvers.LEASE_ID);
    assertThatThrownBy(() -> terms.granted(Statements.CHALLENGE, challenge, Challenge::issuedAt))
        .hasMessageContaining("challenge");
  }

  @Test
  void aRosterThatIsNotTheSuccessorIsRefused() throws Exception {
    Terms terms = Challenged.accept(custodian.start(), program).terms();
    Envelope skipped =
        custodian.people.sign(custodian.people.roster(3, Optional.of(terms.roster().hash())));
    assertThatThrownBy(() -> terms.withRoster(skipped)).hasMessageContaining("roster.version");
    Envelope unrelated =
        custodian.people.sign(custodian.people.roster(2, Optional.of(Approvers.hash(1))));
    assertThatThrownBy(() -> terms.withRoster(unrelated)).hasMessageContaining("roster.previous");
  }

  private void refused(Terms terms, Lease lease, String field) {
    assertThatThrownBy(() -> terms.withLease(custodian.people.sign(lease)))
        .hasMessageContaining(field);
  }

  private Lease successor(Terms terms, Consumer<Approvers.LeaseDraft> bend) {
    return changed(d -> {
      d.version = 2;
      d.supersedes = Optional.of(terms.lease().hash());
      bend.accept(d);
    });
  }

  private Lease changed(Consumer<Approvers.LeaseDraft> bend) {
    Approvers.LeaseDraft draft = custodian.people.lease(custodian.packageHash);
    bend.accept(draft);
    return draft.build();
  }

  private Envelope roster() {
    return custodian.people.sign(custodian.people.roster());
  }

  private Envelope lease() {
    return custodian.people.sign(custodian.lease);
  }

  private static Program program(Hash approverSet) {
    return new Program("test", Approvers.hash(9), approverSet, Lease.ClockClass.NONE);
  }

  private static Challenge bent(Challenge c, Hash roster, Hash lease) {
    return new Challenge(
        c.leaseId(),
        c.instanceId(),
        c.nonce(),
        c.epoch(),
        c.incarnation(),
        roster,
        c.measurements(),
        lease,
        c.modelPackage(),
        c.gpuRequired(),
        c.expiresInMs(),
        c.log(),
        c.issuedAt());
  }
}
