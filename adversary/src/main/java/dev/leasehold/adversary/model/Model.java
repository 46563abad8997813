package dev.leasehold.adversary.model;

import dev.leasehold.adversary.model.Message.Kind;
import dev.leasehold.core.lease.Vec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows a real run with the formal model (protocol §18): every difference between two looks at
 * the world must be one of the model's actions, or a few in some order, whose guards hold and which
 * do exactly that. What no action explains is an error of the program or of the model.
 */
public final class Model {
  private static final int MOST_ACTIONS = 8;

  private State state;

  /** A run that starts here. */
  public Model(Facts start) {
    state = State.initial(start);
  }

  /** An enclave shows its evidence for the first time. */
  public void boots(String instance, long epoch) {
    did(new Action("Boot", s -> Next.boot(s, instance, epoch)));
  }

  /** An enclave has signed a heartbeat that was not seen before. */
  public void beats(String instance, long epoch, long seq, Vec used) {
    Message m = new Message(Kind.HB, instance, epoch, seq, used);
    if (!state.net().contains(m)) {
      did(new Action("Beat " + m, s -> Next.beat(s, m)));
    }
  }

  /** An enclave has signed its final: it must be the one the model says it sent. */
  public void ends(String instance, long seq, Vec used, boolean unanswered) {
    boolean sent =
        state.net().stream()
            .anyMatch(m ->
                m.kind() == (unanswered ? Kind.FINU : Kind.FIN)
                    && m.instance().equals(instance)
                    && m.seq() == seq
                    && m.value().equals(used));
    if (!sent) {
      throw new Unexplained(
          "a final of "
              + instance
              + " with seq "
              + seq
              + " and use "
              + used
              + " that no Finish sent");
    }
  }

  /** The custodian has answered with a grant: it must be the one that the model says it sent. */
  public void grants(String instance, long seq, Vec allow) {
    boolean sent =
        state.net().stream()
            .anyMatch(m ->
                (m.kind() == Kind.GRANT || m.kind() == Kind.HALT)
                    && m.instance().equals(instance)
                    && m.seq() == seq
                    && m.value().equals(allow));
    if (!sent) {
      throw new Unexplained(
          "a grant to " + instance + " with seq " + seq + " of " + allow + " that no step sent");
    }
  }

  /**
   * Looks at the world again.
   *
   * @return the names of the actions that led here
   */
  public List<String> sees(Facts now) {
    if (state.facts().equals(now)) {
      return List.of();
    }
    List<Action> candidates = candidates(state, now);
    Set<String> refused = new HashSet<>();
    Optional<Path> found =
        candidates.size() > MOST_ACTIONS
            ? Optional.empty()
            : search(new Path(state, List.of()), candidates, now, refused);
    if (found.isEmpty()) {
      throw new Unexplained(
          "no action explains "
              + now.differences(state.facts())
              + "\ntried "
              + candidates.stream().map(Action::name).toList()
              + "; guards that did not hold: "
              + refused);
    }
    follow(found.get().state);
    return found.get().names;
  }

  private void did(Action action) {
    try {
      follow(action.apply(state));
    } catch (NotEnabled e) {
      throw new Unexplained(action.name + " is not enabled: " + e.getMessage(), e);
    }
  }

  private void follow(State next) {
    Optional<String> broken = Properties.broken(state, next);
    if (broken.isPresent()) {
      throw new Unexplained("property " + broken.get());
    }
    state = next;
  }

  /** A difference that no action of the model explains, or a state that breaks a property. */
  public static final class Unexplained extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    Unexplained(String what) {
      super(what);
    }

    Unexplained(String what, Exception cause) {
      super(what, cause);
    }
  }

  private interface Effect {
    State on(State s) throws NotEnabled;
  }

  private record Action(String name, Effect effect) {
    State apply(State s) throws NotEnabled {
      return effect.on(s);
    }
  }

  private record Path(State state, List<String> names) {
    Path then(Action a) throws NotEnabled {
      List<String> all = new ArrayList<>(names);
      all.add(a.name);
      return new Path(a.apply(state), all);
    }
  }

  private static Optional<Path> search(
      Path path, List<Action> left, Facts goal, Set<String> refused) {
    if (path.state.facts().equals(goal)) {
      return Optional.of(path);
    }
    for (Action a : left) {
      try {
        List<Action> rest = new ArrayList<>(left);
        rest.remove(a);
        Optional<Path> found = search(path.then(a), rest, goal, refused);
        if (found.isPresent()) {
          return found;
        }
      } catch (NotEnabled e) {
        refused.add(a.name + ": " + e.getMessage());
      }
    }
    return Optional.empty();
  }

  /** Every action that could have part in the difference. */
  private static List<Action> candidates(State s, Facts now) {
    List<Action> out = new ArrayList<>();
    Facts before = s.facts();
    now.rows().forEach((i, row) -> rows(s, i, before.rows().get(i), row, out));
    now.machines().forEach((i, m) -> machines(s, i, before.machines().get(i), m, out));
    if (now.epoch() != before.epoch()) {
      out.add(new Action("Recall", Next::recall));
    }
    if (!now.caps().equals(before.caps())) {
      out.add(new Action("Renew", x -> Next.renew(x, now.caps())));
    }
    if (now.lease() != before.lease()) {
      out.add(
          switch (now.lease()) {
            case ACTIVE -> new Action("Resume", Next::resume);
            case SUSPENDED -> new Action("Suspend", Next::suspend);
            case STOPPED -> new Action("Revoke", Next::revoke);
          });
    }
    return out;
  }

  private static void rows(State s, String i, @Nullable Row before, Row now, List<Action> out) {
    if (now.equals(before)) {
      return;
    }
    if (before == null) {
      s.net().stream()
          .filter(m -> m.kind() == Kind.ATT && m.instance().equals(i))
          .forEach(m -> out.add(new Action("Enrol " + m, x -> Next.enrol(x, m))));
      return;
    }
    if (now.state() == Row.State.FENCED || now.state() == Row.State.WRITTEN_OFF) {
      out.add(new Action("Fence " + i, x -> Next.fence(x, i)));
    }
    if (now.state() == Row.State.WRITTEN_OFF) {
      out.add(new Action("WriteOff " + i, x -> Next.writeOff(x, i)));
    }
    if (now.epoch() != before.epoch()) {
      out.add(new Action("Reattest " + i, x -> Next.reattest(x, i)));
    }
    if (now.seq() == before.seq()) {
      return;
    }
    for (Message m : s.net()) {
      boolean mine = m.instance().equals(i) && m.seq() == now.seq();
      if (mine && now.state() == Row.State.CLOSED && m.kind().isFinal()) {
        out.add(new Action("TakeFinal " + m, x -> Next.takeFinal(x, m)));
      } else if (mine && m.kind() == Kind.HB && m.value().equals(now.used())) {
        out.add(new Action("TakeBeat " + m, x -> Next.takeBeat(x, m)));
      }
    }
  }

  private static void machines(
      State s, String i, @Nullable Machine before, Machine now, List<Action> out) {
    if (before == null || now.equals(before)) {
      return;
    }
    if (now.state() == Machine.State.DEAD && before.state() != Machine.State.DEAD) {
      out.add(new Action("Kill " + i, x -> Next.kill(x, i)));
    }
    if (!now.used().equals(before.used())) {
      Vec done = now.used().minusOrZero(before.used());
      out.add(new Action("Serve " + i, x -> Next.serve(x, i, done)));
    }
    if (now.epoch() != before.epoch()) {
      out.add(new Action("TakeEpoch " + i, x -> Next.takeEpoch(x, i, now.epoch())));
    }
    boolean first = before.state() == Machine.State.ATT && now.state() != Machine.State.DEAD;
    if (first || now.seq() != before.seq() || !now.allow().equals(before.allow())) {
      for (Message m : s.net()) {
        if (m.instance().equals(i) && m.seq() == now.seq()) {
          if (m.kind() == Kind.GRANT) {
            out.add(new Action("TakeGrant " + m, x -> Next.takeGrant(x, m)));
          } else if (m.kind() == Kind.HALT) {
            out.add(new Action("TakeHalt " + m, x -> Next.takeHalt(x, m)));
          }
        }
      }
    }
    if (now.state() == Machine.State.STOP && before.state() != Machine.State.STOP) {
      out.add(new Action("Finish " + i, x -> Next.finish(x, i)));
    }
  }
}
