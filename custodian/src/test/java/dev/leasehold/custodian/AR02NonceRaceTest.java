package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Problem;
import dev.leasehold.core.lease.Tier;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** One nonce, used at once by two VMs; on PostgreSQL each speaks to another replica. */
@ParameterizedClass
@EnumSource
class AR02NonceRaceTest {
  private static final int RACES = Scale.of(100, 20);

  @Parameter Engine engine;
  @TempDir Path folder;

  @Test
  void oneOfTwoIsHeardAndWhoSendsTheSameGetsTheSame() throws Exception {
    try (World world =
            new World(folder, engine)
                .lend(l ->
                    Leases.limits(
                        Leases.with(l, Owner.out(1_000_000), Owner.out(2_000), Owner.out(500_000)),
                        1_000,
                        1,
                        Tier.B));
        World other = world.secondDoor();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int race = 0; race < RACES; race++) {
        Enclave e = world.enclave().challenged();
        Shot one = shot(e);
        e.ik = Ed25519Signer.generate(Owner.RANDOM);
        boolean same = race % 2 == 1;
        Shot two = same ? one : shot(e);
        CountDownLatch go = new CountDownLatch(1);
        Future<World.Answer> first = threads.submit(() -> post(go, world, e, one));
        Future<World.Answer> second = threads.submit(() -> post(go, other, e, two));
        go.countDown();
        if (same) {
          assertThat(first.get().status()).as(first.get().text()).isEqualTo(200);
          assertThat(second.get().text()).isEqualTo(first.get().text());
        } else if (first.get().status() == 200) {
          assertNonceUsed(world, second.get(), two);
        } else {
          assertThat(second.get().status()).as(second.get().text()).isEqualTo(200);
          assertNonceUsed(world, first.get(), one);
        }
        world.sql("UPDATE instance SET state = 'FENCED' WHERE state = 'ACTIVE'");
      }
    }
  }

  /** Evidence as one of the VMs sends it. */
  private record Shot(Bundles.EvidencePost post, Hash evidence) {}

  private static Shot shot(Enclave e) {
    Bundles.EvidencePost post = e.evidencePost(e.statement(), e.ik);
    return new Shot(post, e.evidence.hash());
  }

  private static World.Answer post(CountDownLatch go, World door, Enclave e, Shot shot)
      throws InterruptedException {
    go.await();
    return e.post(door, "evidence", Bundle.write(Bundles.EvidencePost.class, shot.post));
  }

  private static void assertNonceUsed(World world, World.Answer answer, Shot shot) {
    Problem p = world.problem(answer, shot.evidence);
    assertThat(p.name()).isEqualTo("nonce-used");
    assertThat(p.action()).isEqualTo(Problem.Action.STOP);
  }
}
