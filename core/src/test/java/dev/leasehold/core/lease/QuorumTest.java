package dev.leasehold.core.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.dsse.Signer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QuorumTest {
  private static final Ed25519Signer ANN = signer(1);
  private static final Ed25519Signer ANN_TOO = signer(2);
  private static final Ed25519Signer BOB = signer(3);
  private static final Ed25519Signer GK = signer(4);
  private static final Ed25519Signer STRANGER = signer(5);
  private static final Hash H = new Hash("ab".repeat(32));
  private static final Id ID = new Id("1d".repeat(16));

  private final Roster roster = roster(2, 1_000, 2_000);
  private final Borrower borrower = new Borrower(ID, "b", STRANGER.key(), List.of(), 1, List.of());

  @Test
  void aRosterIsSignedByEnoughOfItsOwnApproversAndTheyAreThePinnedOnes() throws Exception {
    assertThat(Quorum.roster(sign(roster, ANN, BOB), roster.approverSet()).body())
        .isEqualTo(roster);
    assertThatThrownBy(() -> Quorum.roster(sign(roster, ANN, BOB), H))
        .isInstanceOf(BadSignature.class)
        .hasMessageContaining("approver set " + H);
    assertThatThrownBy(() -> Quorum.roster(sign(roster, ANN), roster.approverSet()))
        .hasMessageContaining("expected signatures of 2 approvers, found 1");
    assertThatThrownBy(() -> Quorum.roster(sign(roster, ANN, BOB, STRANGER), roster.approverSet()))
        .hasMessageContaining("not a key allowed");
  }

  @Test
  void onePersonWithTwoKeysIsOnePerson() {
    assertThatThrownBy(() -> Quorum.roster(sign(roster, ANN, ANN_TOO), roster.approverSet()))
        .hasMessageContaining("found 1");
  }

  @Test
  void standingObjectsNeedTheQuorumOfTheRoster() throws Exception {
    assertThat(Quorum.standing(Statements.BORROWER, sign(borrower, ANN, BOB), roster).body())
        .isEqualTo(borrower);
    assertThatThrownBy(
            () -> Quorum.standing(Statements.BORROWER, sign(borrower, ANN_TOO, ANN), roster))
        .hasMessageContaining("borrower: expected signatures of 2");
    assertThatThrownBy(() -> Quorum.standing(Statements.BORROWER, sign(borrower, GK), roster))
        .hasMessageContaining("not a key allowed");
  }

  @Test
  void aGrantKeyCountsOnlyWithinItsValidity() throws Exception {
    assertThat(open(1_000).body().issuedAt()).isEqualTo(1_000);
    assertThatThrownBy(() -> open(999)).hasMessageContaining("not valid at issuedAt 999");
    assertThatThrownBy(() -> open(2_000)).hasMessageContaining("not valid at issuedAt 2000");
    assertThatThrownBy(() ->
            Quorum.byGrantKey(
                Statements.STAPLE,
                Dsse.sign(Statements.STAPLE, staple(1_500), ANN).envelope(),
                roster,
                Staple::issuedAt))
        .hasMessageContaining("not a key allowed");
  }

  private Signed<Staple> open(long issuedAt) throws Exception {
    return Quorum.byGrantKey(
        Statements.STAPLE,
        Dsse.sign(Statements.STAPLE, staple(issuedAt), GK).envelope(),
        roster,
        Staple::issuedAt);
  }

  private static Staple staple(long issuedAt) {
    return new Staple(
        ID, ID, H, H, H, H, H, 1, 1, Staple.State.ACTIVE, 45_000, LogRef.EMPTY, issuedAt);
  }

  private static Roster roster(long threshold, long notBefore, long notAfter) {
    return new Roster(
        1,
        Optional.empty(),
        new Roster.Threshold(threshold, threshold, 0),
        List.of(
            new Roster.Approver(ANN.key(), "ann", "business"),
            new Roster.Approver(ANN_TOO.key(), "ann", "security"),
            new Roster.Approver(BOB.key(), "bob", "security")),
        List.of(),
        List.of(new Roster.GrantKey(GK.key(), notBefore, notAfter)),
        new Roster.Log("log", Bytes.of(new byte[32])),
        Bytes.of(new byte[1216]),
        List.of(),
        1,
        List.of());
  }

  private static Envelope sign(Roster r, Signer... by) {
    return Dsse.sign(Statements.ROSTER, r, by).envelope();
  }

  private static Envelope sign(Borrower b, Signer... by) {
    return Dsse.sign(Statements.BORROWER, b, by).envelope();
  }

  private static Ed25519Signer signer(int seed) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) seed);
    return Ed25519Signer.fromSeed(bytes);
  }
}
