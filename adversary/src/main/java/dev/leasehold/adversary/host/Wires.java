package dev.leasehold.adversary.host;

import dev.leasehold.adversary.World;
import dev.leasehold.adversary.world.Answer;
import dev.leasehold.adversary.world.Request;
import dev.leasehold.adversary.world.Request.Desk;
import dev.leasehold.adversary.world.SimEnclave;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.Bundles;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Every wire between enclaves and custodian. What is sent lies here until the host lets it arrive:
 * late, in another order, twice, altered, at somebody else's door, or never. The host keeps
 * everything it has seen.
 *
 * <p>Each verb says in a few words what it did, or nothing when there was nothing to do it with.
 */
public final class Wires {
  private final World world;
  private final List<Sent> up = new ArrayList<>();
  private final List<Returned> down = new ArrayList<>();
  private final List<Sent> seenUp = new ArrayList<>();
  private final List<Returned> seenDown = new ArrayList<>();
  private final List<Bundles.CommandItem> commands = new ArrayList<>();

  /** A request on its way, and whose it is. */
  record Sent(SimEnclave from, Request request) {}

  /** An answer on its way back. */
  record Returned(SimEnclave to, Desk desk, Answer answer) {}

  public Wires(World world) {
    this.world = world;
  }

  /** An enclave sends what it wants to send. */
  public String send(SimEnclave from) {
    Optional<Request> request = world.poll(from);
    request.ifPresent(r -> {
      Sent sent = new Sent(from, r);
      up.add(sent);
      seenUp.add(sent);
    });
    return request.map(r -> from.name() + " " + r.desk()).orElse("");
  }

  /** Any request arrives, in any order. */
  public String up(int which) {
    return up.isEmpty() ? "" : arrive(up.remove(Math.floorMod(which, up.size())));
  }

  public String dropUp(int which) {
    return up.isEmpty() ? "" : told(up.remove(Math.floorMod(which, up.size())));
  }

  /** A request arrives and stays on the wire, to arrive again. */
  public String upTwice(int which) {
    return up.isEmpty() ? "" : arrive(up.get(Math.floorMod(which, up.size())));
  }

  /** Something from long ago arrives again. */
  public String replayUp(int which) {
    return seenUp.isEmpty() ? "" : arrive(seenUp.get(Math.floorMod(which, seenUp.size())));
  }

  /** A request arrives altered; the true one stays on the wire. */
  public String changeUp(int which, int how) {
    if (up.isEmpty()) {
      return "";
    }
    Sent sent = up.get(Math.floorMod(which, up.size()));
    Request other = seenUp.get(Math.floorMod(how, seenUp.size())).request();
    Request changed = Changes.of(sent.request(), other, how);
    return "changed " + arrive(new Sent(sent.from(), changed));
  }

  private String arrive(Sent sent) {
    Answer answer = world.ask(sent.request());
    keep(new Returned(sent.from(), sent.request().desk(), answer));
    return told(sent);
  }

  private void keep(Returned returned) {
    down.add(returned);
    seenDown.add(returned);
    returned
        .answer()
        .bundle(Bundles.HeartbeatReply.class)
        .ifPresent(r -> commands.addAll(r.commands()));
  }

  private static String told(Sent sent) {
    return sent.from().name() + " " + sent.request().desk();
  }

  /** Any answer arrives, if it is still waited for. */
  public String down(int which) {
    return down.isEmpty() ? "" : hand(down.remove(Math.floorMod(which, down.size())));
  }

  public String dropDown(int which) {
    return down.isEmpty() ? "" : told(down.remove(Math.floorMod(which, down.size())));
  }

  /** An answer arrives and stays on the wire, to arrive again. */
  public String downTwice(int which) {
    return down.isEmpty() ? "" : hand(down.get(Math.floorMod(which, down.size())));
  }

  /** An enclave that waits is given any answer of the same kind, its own or another's. */
  public String replayDown(SimEnclave to, int which) {
    List<Returned> fitting = fitting(to);
    if (fitting.isEmpty()) {
      return "";
    }
    Returned old = fitting.get(Math.floorMod(which, fitting.size()));
    world.give(to, old.answer());
    return to.name() + " " + old.desk() + " of " + old.to().name();
  }

  /** An enclave that waits is given an answer that was altered. */
  public String changeDown(SimEnclave to, int which, int how) {
    List<Returned> fitting = fitting(to);
    if (fitting.isEmpty()) {
      return "";
    }
    Returned one = fitting.get(Math.floorMod(which, fitting.size()));
    Returned other = fitting.get(Math.floorMod(how, fitting.size()));
    world.give(to, Changes.of(one.answer(), other.answer(), how));
    return to.name() + " " + one.desk();
  }

  /**
   * Never one challenge for two machines that drew the same keys: they are one enclave to
   * everybody, and that a key is in one machine only is assumed (protocol §3, A1).
   */
  private List<Returned> fitting(SimEnclave to) {
    return to.waiting().stream()
        .flatMap(w -> seenDown.stream().filter(r -> r.desk() == w.desk()))
        .filter(r -> r.desk() != Desk.HELLO || r.to() == to || !r.to().ik().equals(to.ik()))
        .toList();
  }

  private String hand(Returned returned) {
    SimEnclave to = returned.to();
    if (to.waiting().filter(w -> w.desk() == returned.desk()).isEmpty()) {
      return "";
    }
    world.give(to, returned.answer());
    return told(returned);
  }

  private static String told(Returned returned) {
    return returned.to().name() + " " + returned.desk() + " " + returned.answer().summary();
  }

  /** An enclave's patience ends, or the host breaks its connection. */
  public String giveUp(SimEnclave e) {
    if (e.waiting().isEmpty()) {
      return "";
    }
    world.give(e, Answer.NOTHING);
    return e.name();
  }

  /** For once the host does its duty. */
  public String exchange(SimEnclave e) {
    if (e.waiting().isPresent()) {
      world.give(e, Answer.NOTHING);
    }
    String sent = send(e);
    if (sent.isEmpty()) {
      return "";
    }
    Sent mine = up.removeLast();
    Answer answer = world.ask(mine.request());
    keep(new Returned(e, mine.request().desk(), answer));
    return hand(down.removeLast());
  }

  /** Asks for an enclave's commands, to keep them. */
  public String poll(SimEnclave e, int after) {
    Optional<Id> instance = e.instance();
    if (instance.isEmpty()) {
      return "";
    }
    Answer answer = world.ask(new Request(Desk.COMMANDS, instance, String.valueOf(after), ""));
    answer.bundle(Bundles.CommandsReply.class).ifPresent(r -> commands.addAll(r.commands()));
    return e.name();
  }

  /** Pushes any command that was ever seen, with another's order if {@code how} says so. */
  public String push(SimEnclave to, int which, int how) {
    if (commands.isEmpty()) {
      return "";
    }
    Bundles.CommandItem item = commands.get(Math.floorMod(which, commands.size()));
    Bundles.CommandItem other = commands.get(Math.floorMod(how, commands.size()));
    boolean swapped = how % 4 == 0;
    world.push(
        to, List.of(swapped ? new Bundles.CommandItem(item.command(), other.order()) : item));
    return to.name() + " #" + commands.indexOf(item) + (swapped ? " with another order" : "");
  }

  /** Pushes every command that was seen, in order: what an honest relay does. */
  public void pushAll(SimEnclave to) {
    world.push(to, commands);
  }
}
