package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.evidence.ReportData;
import dev.leasehold.core.hpke.DekTransport;
import dev.leasehold.core.hpke.HpkeKeyPair;
import dev.leasehold.core.hpke.Sealed;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Challenge;
import dev.leasehold.core.lease.EvidenceStatement;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Hello;
import dev.leasehold.core.lease.KeyRelease;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Tee;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.seal.DekMessage;
import dev.leasehold.testkit.snp.Flaw;
import dev.leasehold.testkit.snp.ReportRequest;
import dev.leasehold.testkit.snp.ReportSigner;
import dev.leasehold.testkit.snp.SimulatedChip;
import dev.leasehold.testkit.snp.SnpForger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The messages an enclave and its relay would send, made by hand so that they can be wrong. */
final class Enclave {
  World world;
  final SimulatedChip chip;
  Ed25519Signer ik = Ed25519Signer.generate(Owner.RANDOM);
  HpkeKeyPair sk = HpkeKeyPair.generate();
  Flaw flaw = Flaw.NONE;
  Id id;
  Hash token;
  Signed<Challenge> challenge;
  Signed<EvidenceStatement> evidence;
  Signed<Grant> grant;
  Signed<Heartbeat> lastBeat;
  long epoch = 1;
  long seq;
  private Hash previous;

  /** Where its messages go: nothing for the custodian itself, or a relay. */
  private String base = "";

  private Id lease;

  Enclave(World world, SimulatedChip chip) {
    this.world = world;
    this.chip = chip;
    this.lease = world.leaseId();
  }

  /** Boots under another lease of this world. */
  Enclave under(Id other) {
    lease = other;
    return this;
  }

  /** Speaks to a relay's inner listener, as a real enclave does. */
  Enclave through(URI relay) {
    base = relay.toString();
    return this;
  }

  World.Answer hello(String key) {
    Signed<Hello> hello =
        Dsse.sign(
            Statements.HELLO,
            new Hello(lease, Tee.SEV_SNP, Nonce.of(Owner.random(32)), world.clock.millis()),
            world.owner.bk);
    return world.post(
        "/v1/instances",
        hello.envelope().write().getBytes(StandardCharsets.UTF_8),
        "Idempotency-Key",
        key);
  }

  Enclave challenged() {
    if (base.isEmpty()) {
      take(hello(Owner.id().hex()));
    } else {
      take(world.get(base + "/v1/start").as(Bundles.Start.class).challenge());
    }
    return this;
  }

  /** Asks for another challenge and takes it: a re-attestation. */
  Enclave challengedAgain() {
    take(post("challenge", new byte[0]));
    return this;
  }

  void take(World.Answer answer) {
    Bundles.Enrolled enrolled = answer.as(Bundles.Enrolled.class);
    token = enrolled.relayToken();
    take(enrolled.challenge());
  }

  private void take(Envelope challenged) {
    challenge = own(Statements.CHALLENGE, challenged);
    id = challenge.body().instanceId();
    epoch = challenge.body().epoch();
  }

  EvidenceStatement statement() {
    Challenge c = challenge.body();
    return new EvidenceStatement(
        c.leaseId(),
        c.instanceId(),
        world.owner.borrowerId,
        c.epoch(),
        c.incarnation(),
        challenge.hash(),
        c.nonce(),
        ik.key().ed25519(),
        sk.publicKey().raw(),
        Roster.approverSet(
            world.owner.threshold, List.of(world.owner.approver.key(), world.owner.second.key())),
        c.roster(),
        c.measurements(),
        c.lease(),
        c.modelPackage(),
        Owner.CONFIG,
        Lease.ClockClass.NONE,
        "leasehold-enclave/test",
        List.of(),
        "");
  }

  Bundles.EvidencePost evidencePost(EvidenceStatement statement, Ed25519Signer signer) {
    evidence = Dsse.sign(Statements.EVIDENCE, statement, signer);
    return evidencePost(evidence.envelope(), evidence.hash());
  }

  /** A report over one hash, sent with this envelope. */
  Bundles.EvidencePost evidencePost(Envelope envelope, Hash reported) {
    ReportSigner machine =
        flaw == Flaw.NONE ? chip : new SnpForger(chip).flawed(flaw, world.clock.instant());
    return new Bundles.EvidencePost(
        envelope,
        Tee.SEV_SNP,
        Bytes.of(machine.report(ReportRequest.of(ReportData.binding(reported), Owner.MEASUREMENT))),
        machine.certificates().stream().map(c -> Bytes.of(Certificates.encoded(c))).toList(),
        List.of());
  }

  World.Answer attest() {
    return attest(evidencePost(statement(), ik));
  }

  World.Answer attest(UnaryOperator<EvidenceStatement> change) {
    return attest(evidencePost(change.apply(statement()), ik));
  }

  World.Answer attest(Bundles.EvidencePost post) {
    return post("evidence", Bundle.write(Bundles.EvidencePost.class, post));
  }

  /** From hello to the opened key. */
  Enclave enrolled() throws Exception {
    challenged();
    Bundles.EnrolmentReply reply = attest().as(Bundles.EnrolmentReply.class);
    grant = own(Statements.GRANT, reply.grant().orElseThrow());
    previous = evidence.hash();
    assertThat(openKey(reply)).isEqualTo(world.owner.dek);
    return this;
  }

  byte[] openKey(Bundles.EnrolmentReply reply) throws Exception {
    KeyRelease release = own(Statements.KEY_RELEASE, reply.keyrelease().orElseThrow()).body();
    Grant zero = own(Statements.GRANT, reply.grant().orElseThrow()).body();
    DekTransport.Release binding =
        new DekTransport.Release(
            evidence.hash(),
            own(Statements.GRANT, reply.grant().orElseThrow()).hash(),
            challenge.body().lease(),
            challenge.body().modelPackage());
    assertThat(zero.hb()).isEqualTo(evidence.hash());
    try (DekMessage dek =
        DekTransport.openRelease(sk, binding, new Sealed(release.enc(), release.ct()))) {
      return dek.dek().exposeArray();
    }
  }

  Heartbeat heartbeat(Vec used) {
    return new Heartbeat(
        lease,
        id,
        epoch,
        1,
        seq + 1,
        previous,
        grant.hash(),
        used,
        Heartbeat.ReportedMode.RUN,
        seq,
        0,
        0,
        Collections.nCopies(Heartbeat.BUCKETS, 0L),
        1_000 * seq,
        grant.body().issuedAt(),
        grant.body().cseq());
  }

  Signed<Heartbeat> signed(Heartbeat h) {
    return Dsse.sign(Statements.HEARTBEAT, h, ik);
  }

  Signed<Heartbeat> heartbeatOf(long outputTokens) {
    return signed(heartbeat(Owner.out(outputTokens)));
  }

  World.Answer post(Signed<Heartbeat> h) {
    return post(world, h);
  }

  /** The same bytes again while the custodian says "not now". */
  World.Answer postUntilTaken(Signed<Heartbeat> h) {
    World.Answer answer = post(h);
    while (answer.status() == 503) {
      answer = post(h);
    }
    return answer;
  }

  World.Answer post(World door, Signed<Heartbeat> h) {
    return post(door, "heartbeat", beat(h.envelope(), grant.envelope()));
  }

  World.Answer postBeat(Envelope h, Envelope lastGrant) {
    return post("heartbeat", beat(h, lastGrant));
  }

  private static byte[] beat(Envelope h, Envelope lastGrant) {
    return Bundle.write(Bundles.HeartbeatPost.class, new Bundles.HeartbeatPost(h, lastGrant));
  }

  /** A heartbeat that is answered; its grant is accepted. */
  Bundles.HeartbeatReply beat(long outputTokens) {
    return beat(Owner.out(outputTokens));
  }

  Bundles.HeartbeatReply beat(Vec used) {
    Signed<Heartbeat> h = signed(heartbeat(used));
    Bundles.HeartbeatReply reply = post(h).as(Bundles.HeartbeatReply.class);
    accept(h, reply);
    return reply;
  }

  void accept(Signed<Heartbeat> h, Bundles.HeartbeatReply reply) {
    Signed<Grant> next = own(Statements.GRANT, reply.grant());
    assertThat(next.body().hb()).isEqualTo(h.hash());
    assertThat(next.body().prev()).isEqualTo(grant.hash());
    assertThat(next.body().seq()).isEqualTo(h.body().seq());
    grant = next;
    sent(h);
  }

  /** A heartbeat was sent, whether or not it was answered. */
  void sent(Signed<Heartbeat> h) {
    lastBeat = h;
    previous = h.hash();
    seq = h.body().seq();
  }

  Final last(Vec used) {
    return new Final(
        lease,
        id,
        epoch,
        1,
        seq + 1,
        previous,
        grant.hash(),
        used,
        Final.Reason.DRAINED,
        seq,
        0,
        0,
        grant.body().cseq(),
        Final.Wiped.YES);
  }

  World.Answer end(Vec used) {
    return end(Dsse.sign(Statements.FINAL, last(used), ik), Optional.empty());
  }

  World.Answer end(Signed<Final> statement, Optional<Envelope> unanswered) {
    return end(statement, Optional.of(grant.envelope()), unanswered);
  }

  World.Answer end(
      Signed<Final> statement, Optional<Envelope> lastGrant, Optional<Envelope> unanswered) {
    return post(
        "final",
        Bundle.write(
            Bundles.FinalPost.class,
            new Bundles.FinalPost(statement.envelope(), lastGrant, unanswered)));
  }

  World.Answer post(String what, byte[] body) {
    return post(world, what, body);
  }

  World.Answer post(World door, String what, byte[] body) {
    return door.post(
        base + "/v1/instances/" + id + "/" + what, body, "Authorization", "Bearer " + token);
  }

  World.Answer get(String what, String... headers) {
    return get(world, what, headers);
  }

  World.Answer get(World door, String what, String... headers) {
    String[] all = new String[headers.length + 2];
    System.arraycopy(headers, 0, all, 0, headers.length);
    all[headers.length] = "Authorization";
    all[headers.length + 1] = "Bearer " + token;
    return door.get("/v1/instances/" + id + "/" + what, all);
  }

  /** Opens what the custodian signed. */
  <T extends Record> Signed<T> own(dev.leasehold.core.dsse.Kind<T> kind, Envelope envelope) {
    try {
      return Dsse.open(kind, envelope, world.server.grantKey());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
