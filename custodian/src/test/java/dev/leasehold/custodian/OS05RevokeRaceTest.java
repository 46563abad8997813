package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Tier;
import dev.leasehold.core.lease.Vec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A revoke in the middle of many heartbeats: nothing is promised after it (OS-05, Theorem 2), on
 * one node and where half of the heartbeats go to another replica than the revoke.
 */
@ParameterizedClass
@EnumSource
@Tag("OS-05")
class OS05RevokeRaceTest {
  private static final int ENCLAVES = 8;
  private static final int BEATS = Scale.of(1_000, 160) / ENCLAVES;

  @Parameter Engine engine;
  @TempDir Path folder;

  /** What one enclave holds in the end: its allowance, and whether it was told to stop. */
  private record Held(Vec allow, Vec used, boolean stopped) {}

  @Test
  void noAllowanceIsCommittedAfterARevoke() throws Exception {
    try (World world =
            new World(folder, engine)
                .lend(l ->
                    Leases.limits(
                        Leases.with(l, Owner.out(100_000_000), Owner.out(2_000), Owner.out(50_000)),
                        1_000,
                        ENCLAVES,
                        Tier.B));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      World other = world.secondDoor();
      List<Enclave> enclaves = new ArrayList<>();
      for (int i = 0; i < ENCLAVES; i++) {
        enclaves.add(world.enclave().enrolled());
        enclaves.getLast().world = i % 2 == 0 ? world : other;
      }
      List<Future<Held>> running = new ArrayList<>();
      for (Enclave e : enclaves) {
        running.add(threads.submit(() -> beatUntilStopped(e)));
      }
      while (World.outputTokens(world.view(), "settled") < 1_000L * ENCLAVES) {
        Thread.onSpinWait();
      }
      Bundles.OrderReply revoked = world.revoke();
      long promised = 0;
      long proven = 0;
      for (Future<Held> f : running) {
        Held h = f.get();
        assertThat(h.stopped).isTrue();
        promised += h.allow.outputTokens();
        proven += h.used.outputTokens();
      }
      assertThat(World.outputTokens(world.view(), "reserved")).isEqualTo(promised);
      assertThat(World.outputTokens(world.view(), "settled")).isEqualTo(proven);
      assertThat(revoked.x().outputTokens())
          .as("X of the order's reply covers what every enclave could still use")
          .isGreaterThanOrEqualTo(promised - proven);
      other.close();
    }
  }

  /** Reports everything it may use, as fast as it can; the answer to a stop raises nothing. */
  private static Held beatUntilStopped(Enclave e) {
    long used = 0;
    for (int i = 0; i < BEATS * 1_000; i++) {
      used = Math.min(used + 500, e.grant.body().allow().outputTokens());
      Vec before = e.grant.body().allow();
      e.beat(used);
      if (e.grant.body().mode() == Mode.STOP) {
        assertThat(e.grant.body().allow()).isEqualTo(before);
        return new Held(e.grant.body().allow(), Owner.out(used), true);
      }
    }
    return new Held(e.grant.body().allow(), Owner.out(used), false);
  }
}
