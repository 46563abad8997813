package dev.leasehold.adversary;

import dev.leasehold.adversary.oracle.Books;
import dev.leasehold.adversary.world.Answer;
import dev.leasehold.adversary.world.People;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.InstanceState;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The people of the model's owner: they look at the books and order what a schedule says. */
final class Staff {
  private final World world;
  private final List<Signed<Order>> given = new ArrayList<>();
  private final List<Signed<Order>> unanswered = new ArrayList<>();

  Staff(World world) {
    this.world = world;
  }

  String suspend() {
    return order(Order.Action.SUSPEND, Target.ALL, Map.of());
  }

  String resume() {
    return order(Order.Action.RESUME, Target.ALL, Map.of());
  }

  /** Signed for a suspension other than the one in force: it must change nothing. */
  String resumeStale(int how) {
    Books.Lease lease = world.books().lease();
    boolean older = how % 2 == 0;
    return give(
        Order.Action.RESUME,
        Target.ALL,
        lease.version() + (older ? 0 : 1),
        lease.cseq() + (older ? 1 : 0),
        Map.of());
  }

  String revoke() {
    return order(Order.Action.REVOKE, Target.ALL, Map.of());
  }

  String recall() {
    return order(Order.Action.RECALL, Target.ALL, Map.of());
  }

  String drain(int which) {
    List<Id> unresolved = world.books().unresolved();
    Target target =
        unresolved.isEmpty() || which % 4 == 0
            ? Target.ALL
            : Target.of(unresolved.get(Math.floorMod(which, unresolved.size())));
    return order(Order.Action.DRAIN, target, Map.of());
  }

  String quarantine(int which) {
    List<Books.Instance> all = List.copyOf(world.books().instances().values());
    return all.isEmpty()
        ? ""
        : order(
            Order.Action.QUARANTINE,
            Target.ALL,
            Map.of("platformId", all.get(Math.floorMod(which, all.size())).platform()));
  }

  /** One that is fenced; now and then one that is not, which is refused. */
  String writeOff(int which) {
    Books books = world.books();
    List<Id> fenced = which % 8 == 0 ? books.unresolved() : books.in(InstanceState.FENCED);
    return fenced.isEmpty()
        ? ""
        : order(
            Order.Action.WRITE_OFF,
            Target.of(fenced.get(Math.floorMod(which, fenced.size()))),
            Map.of());
  }

  /** Nobody will ever hear of this instance again. */
  String writeOff(Id instance) {
    return order(Order.Action.WRITE_OFF, Target.of(instance), Map.of());
  }

  String moreBudget() {
    return "LEASE " + world.renew(world.limits().raised(world.limits().tranche())).summary();
  }

  /** An order from before comes again: the same bytes, the same answer, nothing done twice. */
  String again(int which) {
    return given.isEmpty() ? "" : "again " + send(given.get(Math.floorMod(which, given.size())));
  }

  /** Who got no answer asks again with the same bytes. */
  void retry() {
    List<Signed<Order>> lost = List.copyOf(unanswered);
    unanswered.clear();
    lost.forEach(this::send);
  }

  private String order(Order.Action action, Target target, Map<String, String> args) {
    Books.Lease lease = world.books().lease();
    return give(action, target, lease.version(), lease.cseq(), args);
  }

  private String give(
      Order.Action action, Target target, long version, long cseq, Map<String, String> args) {
    return send(
        People.sign(
            People.order(
                action, target, version, cseq, args, world.nonce(), world.clock().millis())));
  }

  private String send(Signed<Order> order) {
    Answer answer = world.order(order);
    Optional.of(order).filter(o -> !given.contains(o)).ifPresent(given::add);
    if (answer.isNone()) {
      unanswered.add(order);
    }
    return order.body().action() + " " + answer.summary();
  }
}
