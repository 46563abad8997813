package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Tier;
import dev.leasehold.core.lease.Vec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host that boots enclaves only to kill them gains nothing and loses tranches. */
@Tag("BH-08")
class RestartStormTest {
  private static final int BOOTS = Scale.of(100, 20);
  private static final int AN_HOUR = 12;
  private static final long SILENCE_MS = 91_000;

  @TempDir Path folder;

  @Test
  void eachBootCostsItsTrancheUntilTheCapAndNothingComesBack() throws Exception {
    try (World world =
        new World(folder)
            .lend(l ->
                Leases.limits(
                    Leases.with(l, Owner.out(100_000), Owner.out(2_000), Owner.out(9_000)),
                    AN_HOUR,
                    2,
                    Tier.B))) {
      List<Vec> granted = new ArrayList<>();
      int tooOften = 0;
      int full = 0;
      for (int boot = 0; boot < BOOTS; boot++) {
        Enclave e = world.enclave();
        World.Answer hello = e.hello(Owner.id().hex());
        if (hello.status() == 429) {
          tooOften++;
          assertThat(boot).as("within the hour").isGreaterThanOrEqualTo(AN_HOUR);
        } else {
          e.take(hello);
          Optional<Vec> allow = killedAfterBoot(e);
          allow.ifPresent(granted::add);
          full += allow.isPresent() ? 0 : 1;
        }
        world.clock.advance(SILENCE_MS);
      }
      assertThat(granted)
          .containsExactly(out(2_000), out(2_000), out(2_000), out(2_000), out(1_000));
      assertThat(full).as("refused at the cap").isPositive();
      assertThat(tooOften).as("refused at the rate").isPositive();
      assertThat(World.outputTokens(world.view(), "reserved")).isEqualTo(9_000);
      assertThat(World.outputTokens(world.view(), "settled")).as("no refund").isZero();

      world.clock.advance(24 * 3_600_000L);
      Enclave nextDay = world.enclave().challenged();
      assertThat(killedAfterBoot(nextDay)).as("time refunds nothing").isEmpty();
    }
  }

  /** What grant 0 allowed; empty when there was no room. */
  private static Optional<Vec> killedAfterBoot(Enclave e) {
    World.Answer answer = e.attest();
    if (answer.status() == 409) {
      assertThat(e.world.problem(answer, e.evidence.hash()).name()).isEqualTo("exposure-full");
      return Optional.empty();
    }
    Grant zero =
        e.own(Statements.GRANT, answer.as(Bundles.EnrolmentReply.class).grant().orElseThrow())
            .body();
    return Optional.of(zero.allow());
  }

  private static Vec out(long tokens) {
    return Owner.out(tokens);
  }
}
