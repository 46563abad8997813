package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Statements;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A custodian in a process of its own is killed at random points under load (CF-01, D29).
 * Afterwards everything that was ever answered is there, and repeated bytes get the same answer: on
 * SQLite from the custodian started again, on PostgreSQL from a replica that was there all the
 * time.
 */
@ParameterizedClass
@EnumSource
@Tag("CF-01")
@Tag("D29")
class KillTest {
  private static final int POINTS = Scale.of(1_000, 25);
  private static final int PROGRESS = 50;
  private static final int ENCLAVES = 4;

  @Parameter Engine engine;
  @TempDir Path folder;

  /** The last exchange of an enclave that was answered. */
  private record Answered(Signed<Heartbeat> heartbeat, Signed<Grant> lastGrant, String reply) {}

  @Test
  void nothingThatWasAnsweredIsLostByAKill() throws Exception {
    Random random = new Random(20_261_123);
    try (World world =
        new World(folder, engine)
            .lend(l ->
                Leases.limits(
                    Leases.with(
                        l, Owner.out(1_000_000_000), Owner.out(2_000), Owner.out(1_000_000)),
                    1_000_000,
                    ENCLAVES,
                    Tier.B))) {
      List<Enclave> enclaves = new ArrayList<>();
      for (int i = 0; i < ENCLAVES; i++) {
        enclaves.add(world.enclave().enrolled());
      }
      World killed = world.secondDoor();
      int answeredInAll = 0;
      for (int point = 0; point < POINTS; point++) {
        killed.stop();
        Process child = killed.startChild();
        enclaves.forEach(e -> e.world = killed);
        List<Answered> answered = loadUntilKilled(enclaves, child, random);
        world.clock.advance(System.currentTimeMillis() - world.clock.millis());
        if (killed == world) {
          world.start();
        }
        enclaves.forEach(e -> e.world = world);
        for (int i = 0; i < ENCLAVES; i++) {
          answeredInAll += answered.get(i) == null ? 0 : 1;
          checkNothingIsLost(enclaves.get(i), answered.get(i));
        }
        assertThat(world.get("/healthz").status())
            .as("point " + point + ": " + world.get("/healthz").text())
            .isEqualTo(200);
        if ((point + 1) % PROGRESS == 0) {
          System.out.printf(
              "%s: %d of %d points, %d enclaves answered before the kill%n",
              engine, point + 1, POINTS, answeredInAll);
        }
      }
      assertThat(world.incidents()).isEmpty();
      assertThat(answeredInAll).as("points that had answers before the kill").isPositive();
    }
  }

  private static List<Answered> loadUntilKilled(
      List<Enclave> enclaves, Process child, Random random) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answered>> running = new ArrayList<>();
      CountDownLatch answers = new CountDownLatch(random.nextInt(1, 60));
      for (Enclave e : enclaves) {
        running.add(threads.submit(() -> beatUntilSilence(e, answers)));
      }
      assertThat(answers.await(5, TimeUnit.MINUTES)).as("it answers").isTrue();
      LockSupport.parkNanos(random.nextLong(30_000_000));
      child.destroyForcibly().waitFor();
      List<Answered> out = new ArrayList<>();
      for (Future<Answered> f : running) {
        out.add(f.get());
      }
      return out;
    }
  }

  /** Heartbeats until one gets no answer; that one is outstanding. */
  private static Answered beatUntilSilence(Enclave e, CountDownLatch answers) {
    Answered newest = null;
    while (true) {
      Signed<Heartbeat> h = e.heartbeatOf(e.grant.body().used().outputTokens() + 7);
      Signed<Grant> lastGrant = e.grant;
      World.Answer answer;
      try {
        answer = e.postUntilTaken(h);
      } catch (AssertionError killed) {
        return newest;
      }
      e.accept(h, answer.as(Bundles.HeartbeatReply.class));
      answers.countDown();
      newest = new Answered(h, lastGrant, answer.text());
    }
  }

  /** The newest answered message is answered alike; the one without answer is accepted now. */
  private static void checkNothingIsLost(Enclave e, Answered newest) {
    if (newest != null) {
      World.Answer again = e.postBeat(newest.heartbeat.envelope(), newest.lastGrant.envelope());
      assertThat(again.text()).isEqualTo(newest.reply);
    }
    Signed<Heartbeat> outstanding = e.heartbeatOf(e.grant.body().used().outputTokens() + 7);
    World.Answer answer = e.postUntilTaken(outstanding);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(e.post(outstanding).text()).isEqualTo(answer.text());
    e.accept(outstanding, answer.as(Bundles.HeartbeatReply.class));
    assertThat(e.own(Statements.GRANT, e.grant.envelope()).body().seq()).isEqualTo(e.seq);
  }
}
