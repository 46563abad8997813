package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Tier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A replica is stopped at a random point under load, the lease is revoked at the other, and the
 * first wakes up late: it must not promise anything beyond what the revoke's X covers (OS-05).
 */
class PausedReplicaTest {
  private static final int PAUSES = Scale.of(100, 3);
  private static final int ENCLAVES = 4;

  @TempDir Path folder;

  @Test
  void aReplicaThatWakesUpAfterARevokePromisesNothing() throws Exception {
    Random random = new Random(20_261_123);
    for (int pause = 0; pause < PAUSES; pause++) {
      try (World world =
              new World(folder.resolve("pause" + pause), Engine.POSTGRES)
                  .lend(l ->
                      Leases.limits(
                          Leases.with(
                              l, Owner.out(1_000_000_000), Owner.out(2_000), Owner.out(1_000_000)),
                          1_000,
                          ENCLAVES,
                          Tier.B));
          World other = world.secondDoor()) {
        pauseAndRevoke(world, other, random);
      }
    }
  }

  private static void pauseAndRevoke(World world, World other, Random random) throws Exception {
    List<Enclave> enclaves = new ArrayList<>();
    for (int i = 0; i < ENCLAVES; i++) {
      enclaves.add(world.enclave().enrolled());
    }
    other.stop();
    Process child = other.startChild();
    world.clock.advance(System.currentTimeMillis() - world.clock.millis());
    enclaves.forEach(e -> e.world = other);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch answers = new CountDownLatch(random.nextInt(1, 60));
      List<Future<?>> running = new ArrayList<>();
      for (Enclave e : enclaves) {
        running.add(threads.submit(() -> beatUntilStopped(e, answers)));
      }
      assertThat(answers.await(60, TimeUnit.SECONDS)).isTrue();
      LockSupport.parkNanos(random.nextLong(20_000_000));
      signal(child, "STOP");
      Bundles.OrderReply revoked = world.revoke();
      long reserved = World.outputTokens(world.view(), "reserved");
      long settled = World.outputTokens(world.view(), "settled");
      assertThat(revoked.x().outputTokens()).isEqualTo(reserved - settled);
      signal(child, "CONT");
      for (Future<?> f : running) {
        f.get(60, TimeUnit.SECONDS);
      }
      long promised = enclaves.stream().mapToLong(e -> e.grant.body().allow().outputTokens()).sum();
      assertThat(promised).as("all that was ever promised").isEqualTo(reserved);
      assertThat(World.outputTokens(world.view(), "reserved")).isEqualTo(reserved);
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  /** Comes again with the same heartbeat until it is answered, as an enclave does. */
  private static void beatUntilStopped(Enclave e, CountDownLatch answers) {
    while (e.grant.body().mode() != Mode.STOP) {
      Signed<Heartbeat> h = e.heartbeatOf(e.grant.body().used().outputTokens() + 7);
      e.accept(h, e.postUntilTaken(h).as(Bundles.HeartbeatReply.class));
      answers.countDown();
    }
  }

  private static void signal(Process process, String name) throws Exception {
    int status =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
            .inheritIO()
            .start()
            .waitFor();
    assertThat(status).isZero();
  }
}
