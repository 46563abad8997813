package dev.leasehold.testkit.story;

import dev.leasehold.core.audit.Auditor;
import dev.leasehold.core.audit.BundleLine;
import dev.leasehold.core.audit.Report;
import dev.leasehold.core.audit.Scope;
import dev.leasehold.core.lease.LeaseState;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Target;
import dev.leasehold.core.lease.Vec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Stories worth auditing: one in which everything happens, and random ones. */
final class Tales {
  private Tales() {}

  static Vec v(long tokens) {
    return new Vec(tokens / 10, tokens * 2, tokens, tokens * 1_000);
  }

  /** Two enclaves, a suspension, a bigger budget, a recall, a revoke; one enclave never answers. */
  static Cast everything(StoryTeller t) {
    t.open();
    Actor a = t.enrol();
    t.beat(a, v(100));
    t.serve(a, v(100));
    t.beat(a, v(600));
    Actor b = t.enrol();
    t.beat(b, v(50));
    t.order(Order.Action.SUSPEND, Target.ALL);
    t.beat(a, v(700));
    t.order(Order.Action.RESUME, Target.ALL);
    t.beat(a, v(800));
    t.amend(t.terms().budget().times(2));
    Actor lost = t.enrol();
    t.order(Order.Action.RECALL, Target.ALL);
    t.attest(a);
    t.beat(a, v(900));
    t.attest(b);
    t.order(Order.Action.DRAIN, Target.of(a.id));
    t.beat(a, v(1_000));
    t.incident("a test");
    t.order(Order.Action.REVOKE, Target.ALL);
    t.beat(a, v(1_100));
    t.end(a, v(1_150));
    t.ask(b, v(80));
    t.end(b, v(90));
    return new Cast(a, b, lost);
  }

  /** Who is in it; the lost one has its first grant and was never heard of again. */
  record Cast(Actor a, Actor b, Actor lost) {}

  static Report audit(StoryTeller t, Scope scope) {
    return audit(t, t.lines(scope), scope);
  }

  static Report audit(StoryTeller t, List<BundleLine> lines, Scope scope) {
    Auditor auditor = new Auditor(scope, Optional.of(t.parties.approverSet()));
    lines.forEach(l -> auditor.take(l.statement(), l.at()));
    return auditor.report(t.now());
  }

  /** A lease's life by dice: whatever the protocol allows next. */
  static StoryTeller random(Random dice) {
    StoryTeller t = new StoryTeller().open();
    List<Actor> actors = new ArrayList<>();
    for (int step = 0; step < 40; step++) {
      List<Actor> running = actors.stream().filter(Actor::isRunning).toList();
      switch (dice.nextInt(12)) {
        case 0 -> enrol(t, actors);
        case 1 -> start(t, dice);
        case 2 -> pick(running, dice).ifPresent(x -> t.end(x, between(x.used(), x.allow(), dice)));
        case 3 -> pick(running, dice).ifPresent(t::writeOff);
        case 4 ->
            pick(running, dice)
                .ifPresent(x -> {
                  Vec asked = between(x.used(), x.allow(), dice);
                  t.ask(x, asked);
                  t.end(x, between(asked, x.allow(), dice));
                });
        default ->
            pick(running, dice).ifPresent(x -> t.beat(x, between(x.used(), x.allow(), dice)));
      }
      t.pass(dice.nextInt(3));
    }
    return t;
  }

  private static void enrol(StoryTeller t, List<Actor> actors) {
    if (t.state() == LeaseState.ACTIVE && t.books().admits()) {
      actors.add(t.enrol());
    }
  }

  private static void start(StoryTeller t, Random dice) {
    switch (t.state()) {
      case ACTIVE -> {
        Order.Action[] all = {
          Order.Action.SUSPEND, Order.Action.RECALL, Order.Action.DRAIN, Order.Action.REVOKE
        };
        t.order(all[dice.nextInt(all.length)], Target.ALL);
      }
      case SUSPENDED ->
          t.order(dice.nextInt(3) > 0 ? Order.Action.RESUME : Order.Action.SUSPEND, Target.ALL);
      default -> {}
    }
  }

  private static Optional<Actor> pick(List<Actor> actors, Random dice) {
    return actors.isEmpty()
        ? Optional.empty()
        : Optional.of(actors.get(dice.nextInt(actors.size())));
  }

  private static Vec between(Vec least, Vec most, Random dice) {
    return least.zip(most, (a, b) -> a + (b == a ? 0 : dice.nextLong(b - a + 1)));
  }
}
