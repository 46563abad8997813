package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.json.Codec;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.Hello;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Tee;
import dev.leasehold.core.lease.Tier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Enrolment is for those who may, once for each key, and no flood of it reaches others (D25). */
class D25FloodTest {
  private static final int BOOTS = 5;
  private static final int FLOOD = Scale.of(10_000, 30);

  @TempDir Path folder;
  private World world;

  @BeforeEach
  void open() throws Exception {
    world = new World(folder).lend(l -> Leases.limits(l, BOOTS, 50, Tier.B));
  }

  @AfterEach
  void close() {
    world.close();
  }

  private World.Answer hello(Id lease, Ed25519Signer signer) {
    Hello hello = new Hello(lease, Tee.SEV_SNP, Nonce.of(Owner.random(32)), world.clock.millis());
    byte[] body =
        Dsse.sign(Statements.HELLO, hello, signer)
            .envelope()
            .write()
            .getBytes(StandardCharsets.UTF_8);
    return world.post("/v1/instances", body, "Idempotency-Key", Owner.id().hex());
  }

  /** Another lease of the same model to the same borrower. */
  private Id secondLease() throws Malformed {
    Id other = Owner.id();
    Json.Obj terms = Codec.of(Lease.class).encode(world.lease.body()).with("leaseId", other.hex());
    Lease lease = Codec.of(Lease.class).decode("lease", terms);
    world.register("leases", world.owner.sign(lease).envelope());
    return other;
  }

  private List<Integer> flood(Id lease, Ed25519Signer signer) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<Integer>> all = new ArrayList<>();
      for (int i = 0; i < FLOOD; i++) {
        all.add(threads.submit(() -> hello(lease, signer).status()));
      }
      List<Integer> out = new ArrayList<>();
      for (Future<Integer> f : all) {
        out.add(f.get());
      }
      return out;
    }
  }

  private int instances(Id lease) {
    Json.Arr all = (Json.Arr) world.view("/v1/leases/" + lease).get("instances").orElseThrow();
    return all.items().size();
  }

  @Test
  void aFloodLeavesAsManyRowsAsTheRateAllowsAndOthersAlone() throws Exception {
    Enclave running = world.enclave().enrolled();
    Id other = secondLease();
    List<Integer> statuses = flood(world.leaseId(), world.owner.bk);
    assertThat(statuses).containsOnly(201, 429);
    assertThat(statuses.stream().filter(s -> s == 201)).hasSize(BOOTS - 1);
    assertThat(instances(world.leaseId())).isEqualTo(BOOTS);
    assertThat(hello(other, world.owner.bk).status()).isEqualTo(201);
    assertThat(running.beat(10)).isNotNull();
    world.clock.advance(3_700_000);
    assertThat(hello(world.leaseId(), world.owner.bk).status()).isEqualTo(201);
  }

  @Test
  void whoMayNotEnrolLeavesNoRowAtAll() throws Exception {
    assertThat(flood(world.leaseId(), world.owner.stranger)).containsOnly(401);
    assertThat(flood(Owner.id(), world.owner.bk)).containsOnly(404);
    assertThat(instances(world.leaseId())).isZero();
    assertThat(world.incidents()).isEmpty();
    assertThat(hello(world.leaseId(), world.owner.bk).status()).isEqualTo(201);
  }

  @Test
  void askingForAChallengeOverAndOverStacksNone() throws Exception {
    Enclave e = world.enclave().enrolled();
    String first = challenge(e);
    for (int i = 0; i < 10; i++) {
      assertThat(challenge(e)).isEqualTo(first);
    }
    world.clock.advance(31_000);
    String second = challenge(e);
    assertThat(second).isNotEqualTo(first);
    e.challengedAgain();
    assertThat(e.attest().status()).isEqualTo(200);
    assertThat(challenge(e)).isNotEqualTo(second);
  }

  private static String challenge(Enclave e) {
    World.Answer answer = e.post("challenge", new byte[0]);
    assertThat(answer.status()).isEqualTo(201);
    return answer.text();
  }
}
