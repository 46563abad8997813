package dev.leasehold.core.audit;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.LeaseState;
import dev.leasehold.core.lease.Target;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** One lease: its newest envelope, its commands by cseq, its enclaves, its books. */
final class LeaseStory {
  final Id id;
  final Findings.Subject subject;
  final Books books;
  final TreeMap<Long, Statement<Command>> commands = new TreeMap<>();
  final Map<Id, InstanceStory> instances = new LinkedHashMap<>();
  @Nullable Statement<Lease> terms;

  LeaseStory(Id id, Scope scope) {
    this.id = id;
    this.subject = Findings.Subject.lease(id);
    this.books = new Books(id, scope);
  }

  /** The state that the commands up to this cseq put one enclave in. */
  LeaseState stateFor(Id instance, long cseq) {
    return fold(cseq, c -> c.instanceId().covers(instance));
  }

  /** The state that all commands put the whole lease in. */
  LeaseState state() {
    return fold(Long.MAX_VALUE, c -> c.instanceId().equals(Target.ALL));
  }

  private LeaseState fold(long cseq, Predicate<Command> concerned) {
    LeaseState state = LeaseState.ACTIVE;
    for (Statement<Command> c : commands.headMap(cseq, true).values()) {
      if (concerned.test(c.body())) {
        state = state.after(c.body().type());
      }
    }
    return state;
  }

  /**
   * The first command after the newest that suspends or resumes this enclave, up to this cseq, that
   * is not here.
   */
  OptionalLong unknown(Id instance, long cseq) {
    long known =
        commands.headMap(cseq, true).values().stream()
            .map(Statement::body)
            .filter(c -> c.instanceId().covers(instance))
            .filter(c -> c.type() == Command.Type.SUSPEND || c.type() == Command.Type.RESUME)
            .mapToLong(Command::cseq)
            .max()
            .orElse(0);
    return LongStream.rangeClosed(known + 1, cseq)
        .filter(c -> !commands.containsKey(c))
        .findFirst();
  }

  /** Whether a DRAIN with a cseq in (after, through] concerns this enclave. */
  boolean isDraining(Id instance, long after, long through) {
    return after < through
        && commands.subMap(after, false, through, true).values().stream()
            .map(Statement::body)
            .anyMatch(c -> c.type() == Command.Type.DRAIN && c.instanceId().covers(instance));
  }
}
