package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Cessation;
import dev.leasehold.core.lease.Closure;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.LogRef;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Vec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the custodian hands out proves cessation with public keys alone, or says what is open. */
class CessationTest {
  @TempDir Path folder;
  private World world;
  private Enclave a;
  private Enclave b;
  private Hash approvers;

  @BeforeEach
  void twoEnclaves() throws Exception {
    world = new World(folder).lend();
    a = world.enclave().enrolled();
    b = world.enclave().enrolled();
    a.beat(100);
    approvers = world.roster.body().approverSet();
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  @Tag("OS-02")
  void thereIsNoProofWhileAnEnclaveIsUnresolvedAndItsRestIsNamed() throws Exception {
    Bundles.OrderReply revoked = world.revoke();
    a.end(Owner.out(140));
    Cessation partly = proof();
    assertThat(partly.isComplete()).isFalse();
    assertThat(partly.stops()).hasSize(1);
    assertThat(partly.stops().getFirst().order()).isPresent();
    assertThat(partly.x()).isEqualTo(Owner.out(2_000));
    assertThat(partly.instances())
        .contains(new Cessation.Unresolved(b.id, Vec.ZERO, Owner.out(2_000)));
    assertThat(partly.used()).isEqualTo(Owner.out(140));
    assertThat(revoked.x()).isEqualTo(Owner.out(4_000));

    b.end(Owner.out(7));
    Cessation whole = proof();
    assertThat(whole.isComplete()).isTrue();
    assertThat(whole.x()).isEqualTo(Vec.ZERO);
    assertThat(whole.used()).isEqualTo(Owner.out(147));
    assertThat(World.text(world.view(), "state")).isEqualTo("SETTLED");
  }

  @Test
  void aWriteOffIsNoCessationAndItsResidualIsNeverForgotten() throws Exception {
    a.end(Owner.out(100));
    world.clock.advance(200_000);
    world.revoke();
    world.enclave().hello(Owner.id().hex());
    assertThat(b.post(b.heartbeatOf(1)).status()).isEqualTo(409);
    world.order(
        WorkedExampleTest.forInstance(world, Order.Action.WRITE_OFF, b), world.owner.approver);
    Cessation proof = proof();
    assertThat(proof.isComplete()).isTrue();
    assertThat(proof.residual()).isEqualTo(Owner.out(2_000));
    assertThat(proof.instances())
        .contains(new Cessation.WrittenOff(b.id, Vec.ZERO, Owner.out(2_000)));
    assertThat(World.outputTokens(world.view(), "residual")).isEqualTo(2_000);
  }

  @Test
  void aClosedEnclaveIsProvenAfterARestartToo() throws Exception {
    a.end(Owner.out(140));
    world.stop();
    world.start();
    assertThat(proof().instances().stream().filter(Cessation.Ceased.class::isInstance)).hasSize(1);
  }

  @Test
  void eachStatementOfTheProofIsCheckedForItself() throws Exception {
    world.revoke();
    a.end(Owner.out(140));
    b.end(Owner.out(7));
    Bundles.CessationFile good = file();
    Bundles.Ending first = good.instances().getFirst();
    Bundles.Ending second = good.instances().getLast();

    assertThatThrownBy(() -> Cessation.verify(good, new Hash("ab".repeat(32))))
        .isInstanceOf(BadSignature.class)
        .hasMessageContaining("approver set");
    assertBroken(good, e -> ending(e, e.evidence(), second.grant()), "grant.instanceId");
    assertBroken(good, e -> ending(e, second.evidence(), e.grant()), "grant.instanceId");
    assertBroken(
        good,
        e -> finals(e, second.finalEnvelope(), e.closure()),
        "signed by " + b.ik.key().keyid());
    assertBroken(good, e -> finals(e, e.finalEnvelope(), second.closure()), "closure.instanceId");
    assertBroken(good, e -> finals(e, e.finalEnvelope(), Optional.empty()), "closure");
    assertBroken(good, e -> finals(e, Optional.empty(), e.closure()), "final");
    assertBroken(
        good,
        e -> finals(e, e.finalEnvelope(), Optional.of(forgedClosure(e))),
        "signed by " + world.owner.stranger.key().keyid());

    List<Bundles.Ending> twice = List.of(first, first);
    assertThatThrownBy(() ->
            verify(new Bundles.CessationFile(good.roster(), good.lease(), good.stops(), twice)))
        .hasMessageContaining("twice");
    Envelope anotherOrder =
        Dsse.sign(Statements.ORDER, world.stop(Order.Action.REVOKE), world.owner.operator)
            .envelope();
    assertThatThrownBy(() ->
            verify(
                new Bundles.CessationFile(
                    good.roster(),
                    good.lease(),
                    List.of(
                        new Bundles.CommandItem(
                            good.stops().getFirst().command(), Optional.of(anotherOrder))),
                    good.instances())))
        .hasMessageContaining("command.order");
    assertThat(verify(good).isComplete()).isTrue();
  }

  @Test
  void anEnclavesWordAloneOrAnotherUseIsNoClosure() throws Exception {
    a.end(Owner.out(140));
    Bundles.CessationFile good = file();
    Bundles.Ending ended =
        good.instances().stream().filter(e -> e.closure().isPresent()).findFirst().orElseThrow();
    Signed<Final> other = Dsse.sign(Statements.FINAL, a.last(Owner.out(120)), a.ik);
    assertThatThrownBy(
            () -> verify(with(good, finals(ended, Optional.of(other.envelope()), ended.closure()))))
        .hasMessageContaining("closure.final");
  }

  @Test
  void onlyOperatorsSeeIt() throws Exception {
    for (String path :
        List.of(
            "/v1/instances/" + a.id + "/cessation",
            "/v1/leases/" + world.leaseId() + "/commands")) {
      assertThat(world.get(path).status()).as(path).isEqualTo(401);
      assertThat(world.get(path, "Authorization", "Bearer " + a.token).status()).isEqualTo(401);
    }
    Enclave challenged = world.enclave();
    a.end(Owner.out(100));
    challenged.challenged();
    String token = Custodian.operatorToken(world.folder);
    assertThat(
            world
                .get(
                    "/v1/instances/" + challenged.id + "/cessation",
                    "Authorization",
                    "Bearer " + token)
                .status())
        .as("it was never granted anything")
        .isEqualTo(404);
  }

  private Cessation proof() throws Malformed, BadSignature {
    return verify(file());
  }

  private Cessation verify(Bundles.CessationFile file) throws Malformed, BadSignature {
    return Cessation.verify(file, approvers);
  }

  private Bundles.CessationFile file() {
    Bundles.LeaseBundle standing =
        world.get("/v1/leases/" + world.leaseId() + "/bundle").as(Bundles.LeaseBundle.class);
    List<Bundles.Ending> endings = new ArrayList<>();
    for (Enclave e : List.of(a, b)) {
      endings.add(seen("/v1/instances/" + e.id + "/cessation").as(Bundles.Ending.class));
    }
    return new Bundles.CessationFile(
        standing.roster(),
        standing.lease(),
        seen("/v1/leases/" + world.leaseId() + "/commands")
            .as(Bundles.CommandsReply.class)
            .commands(),
        endings);
  }

  private World.Answer seen(String path) {
    return world.get(path, "Authorization", "Bearer " + Custodian.operatorToken(world.folder));
  }

  private void assertBroken(
      Bundles.CessationFile good, UnaryOperator<Bundles.Ending> bend, String names) {
    Bundles.CessationFile bent = with(good, bend.apply(good.instances().getFirst()));
    assertThatThrownBy(() -> verify(bent)).hasMessageContaining(names);
  }

  private static Bundles.CessationFile with(Bundles.CessationFile file, Bundles.Ending only) {
    return new Bundles.CessationFile(file.roster(), file.lease(), file.stops(), List.of(only));
  }

  private static Bundles.Ending ending(Bundles.Ending e, Envelope evidence, Envelope grant) {
    return new Bundles.Ending(evidence, grant, e.finalEnvelope(), e.closure(), e.writeOff());
  }

  private static Bundles.Ending finals(
      Bundles.Ending e, Optional<Envelope> last, Optional<Envelope> closure) {
    return new Bundles.Ending(e.evidence(), e.grant(), last, closure, e.writeOff());
  }

  /** A closure that somebody else signed. */
  private Envelope forgedClosure(Bundles.Ending e) {
    Closure closure =
        new Closure(
            world.leaseId(),
            a.id,
            e.finalEnvelope().orElseThrow().hash(),
            Owner.out(140),
            Owner.out(1_960),
            1,
            1,
            LogRef.EMPTY,
            world.clock.millis());
    return Dsse.sign(Statements.CLOSURE, closure, world.owner.stranger).envelope();
  }
}
