package dev.leasehold.enclave.meter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.guard.Denied;
import dev.leasehold.core.guard.Guard;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.enclave.testing.GrantDraft;
import dev.leasehold.enclave.testing.Scale;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random hosts against one enclave: they delay, lose, reorder and replay what an honest custodian
 * signed. Whatever they do, the properties of the model hold (protocol §18: LocalSafe, LedgerBelow,
 * ClosedTruth, Closable, and that nothing is served past the deadline or after the stop).
 */
@Tag("D2")
final class RandomLivesTest {
  private static final int STEPS = 120;

  static List<Long> seeds() {
    List<Long> seeds = new ArrayList<>();
    for (long seed = 1; seed <= Scale.of(600, 30); seed++) {
      seeds.add(seed);
    }
    return seeds;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyLifeIsSafe(long seed) throws Exception {
    new Life(seed).live();
  }

  /** One enclave, its custodian's books and everything the host has seen. */
  private static final class Life {
    private final Random random;
    private final LoopFixture f;
    private final List<Bundles.HeartbeatReply> seen = new ArrayList<>();
    private final List<Bundles.CommandItem> commands = new ArrayList<>();
    private Optional<Signed<Heartbeat>> outstanding = Optional.empty();
    private Optional<Signed<Heartbeat>> recorded = Optional.empty();
    private Hash chainHb;
    private long cseq;
    private Vec allow;
    private Vec proven = Vec.ZERO;

    Life(long seed) throws Exception {
      random = new Random(seed);
      f =
          LoopFixture.enrolled(terms -> {
            terms.heartbeatMs = 1_000;
            terms.ttlMs = 4_000;
            terms.graceMs = 4_000;
            terms.suspendGraceMs = 20_000;
          });
      allow = f.guard.state().allow();
      chainHb = f.evidence.hash();
    }

    void live() throws Exception {
      for (int i = 0; i < STEPS && !f.loop.isStopped(); i++) {
        act();
        check();
      }
      f.loop.stop(Final.Reason.FAULT);
      end();
    }

    private void act() throws Exception {
      switch (random.nextInt(10)) {
        case 0, 1 -> f.pass(random.nextInt(900));
        case 2, 3, 4 -> work();
        case 5, 6, 7 -> beat();
        case 8 -> replay();
        default -> order();
      }
    }

    private void work() {
      Guard.State before = f.guard.state();
      try {
        f.work(new Vec(1, random.nextInt(50), random.nextInt(80), random.nextInt(5_000)));
        f.tally.entered();
        f.tally.finished(random.nextInt(80));
        assertThat(before.mode()).isEqualTo(Mode.RUN);
        assertThat(f.now - before.deadlineNanos()).isNegative();
      } catch (Denied e) {
        assertThat(f.guard.state().charged()).isEqualTo(before.charged());
      }
    }

    /**
     * The enclave says what it wants to say; the host delivers it or not, and the answer or not.
     */
    private void beat() throws Exception {
      if (!(f.loop.step(f.now) instanceof Step.Beat beat)) {
        return;
      }
      Signed<Heartbeat> heartbeat = f.open(beat);
      outstanding.ifPresent(o -> assertThat(heartbeat.hash()).isEqualTo(o.hash()));
      outstanding = Optional.of(heartbeat);
      if (random.nextInt(3) == 0) {
        f.loop.unanswered(f.now);
        f.pass(300);
        return;
      }
      Bundles.HeartbeatReply reply = custodian(heartbeat);
      seen.add(reply);
      if (random.nextInt(3) == 0) {
        f.loop.unanswered(f.now);
        f.pass(300);
        return;
      }
      f.pass(random.nextInt(500));
      f.loop.answered(reply, f.now);
      outstanding = Optional.empty();
    }

    /** Records a heartbeat once and answers it, the second time with the stored reply. */
    private Bundles.HeartbeatReply custodian(Signed<Heartbeat> heartbeat) {
      if (recorded.isPresent() && recorded.get().hash().equals(heartbeat.hash())) {
        return seen.getLast();
      }
      Heartbeat h = heartbeat.body();
      assertThat(h.prev()).isEqualTo(chainHb);
      assertThat(h.seq()).isEqualTo(recorded.map(r -> r.body().seq()).orElse(0L) + 1);
      assertThat(proven.atMost(h.used())).as("use never falls").isTrue();
      assertThat(h.used().atMost(f.guard.state().charged())).as("rounded down").isTrue();
      recorded = Optional.of(heartbeat);
      chainHb = heartbeat.hash();
      proven = h.used();
      GrantDraft grant = f.answer(heartbeat);
      grant.allow = grant.allow.max(allow);
      grant.cseq = cseq;
      allow = grant.allow;
      Signed<Grant> signed = grant.sign(f.custodian.gk);
      return f.custodian.reply(signed, commands.toArray(Bundles.CommandItem[]::new));
    }

    private void replay() {
      if (seen.isEmpty()) {
        return;
      }
      Guard.State before = f.guard.state();
      Bundles.HeartbeatReply old = seen.get(random.nextInt(seen.size()));
      try {
        f.loop.answered(old, f.now);
        if (!f.guard.state().allow().equals(before.allow())) {
          outstanding = Optional.empty(); // it was the answer that was waited for
        }
      } catch (GrantRefused e) {
        assertThat(f.guard.state().allow()).isEqualTo(before.allow());
        assertThat(f.guard.state().deadlineNanos()).isEqualTo(before.deadlineNanos());
      }
      if (recorded.isPresent() && old.equals(seen.getLast())) {
        outstanding = Optional.empty();
      }
    }

    /**
     * The approvers suspend and resume; the host pushes any command so far, any number of times.
     */
    private void order() {
      if (random.nextBoolean()) {
        cseq++;
        commands.add(
            random.nextBoolean()
                ? f.custodian.command(Command.Type.SUSPEND, cseq)
                : f.custodian.resume(cseq, cseq - 1));
      }
      if (!commands.isEmpty()) {
        long deadline = f.guard.state().deadlineNanos();
        f.push(commands.get(random.nextInt(commands.size())));
        assertThat(f.guard.state().deadlineNanos()).isEqualTo(deadline);
      }
    }

    private void check() {
      Guard.State state = f.guard.state();
      assertThat(state.charged().atMost(state.allow())).as("LocalSafe").isTrue();
      assertThat(state.allow().atMost(allow)).as("never more than was signed").isTrue();
    }

    /** Whatever was lost, the custodian can take the final and it tells the whole truth. */
    private void end() throws Exception {
      assertThat(f.worksNow()).isFalse();
      Final last = f.finish();
      Bundles.FinalPost post = f.loop.finish();
      long lastSeq = recorded.map(r -> r.body().seq()).orElse(0L);
      boolean follows = last.seq() == lastSeq + 1 && last.prev().equals(chainHb);
      boolean withUnanswered =
          last.seq() == lastSeq + 2
              && post.unanswered().isPresent()
              && last.prev().equals(post.unanswered().get().hash());
      assertThat(follows || withUnanswered).as("Closable").isTrue();
      assertThat(last.used()).as("ClosedTruth").isEqualTo(f.guard.state().charged());
      assertThat(proven.atMost(last.used())).isTrue();
    }
  }
}
