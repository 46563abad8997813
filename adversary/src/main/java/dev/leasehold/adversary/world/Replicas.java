package dev.leasehold.adversary.world;

import dev.leasehold.core.pki.Anchors;
import dev.leasehold.custodian.store.CrashPoints.Moment;
import dev.leasehold.custodian.store.LedgerDatabase;
import dev.leasehold.testkit.time.ManualClock;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The custodian of a world: one node, or several that share a ledger. Whoever asks comes to any of
 * them, and all are to be one custodian to him.
 */
public final class Replicas implements AutoCloseable {
  private final Ledgers ledgers;
  private final LedgerDatabase ledger;
  private final List<Node> nodes;
  private final List<Front> fronts;
  private final Random doors;
  private Optional<Path> backup = Optional.empty();
  private @Nullable Connection connection;

  /**
   * All running, on copies of the template.
   *
   * @param bend what answers in place of a node
   */
  public Replicas(
      Ledgers ledgers, Path folder, ManualClock clock, long seed, Function<Node, Front> bend) {
    this.ledgers = ledgers;
    this.doors = new Random(seed);
    Template template = Template.of(ledgers);
    List<Path> folders =
        IntStream.rangeClosed(1, ledgers.nodes()).mapToObj(i -> folder.resolve("n" + i)).toList();
    try {
      this.ledger = template.copyTo(folders);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    LedgerDatabase timed = ledgers.timed(ledger, clock);
    Anchors anchors = template.amd().anchors();
    this.nodes = new ArrayList<>();
    for (Path f : folders) {
      SeededRandom random = new SeededRandom(31 * seed + nodes.size());
      nodes.add(new Node(f.getFileName().toString(), f, timed, anchors, clock, random));
    }
    this.fronts = nodes.stream().map(bend).toList();
  }

  public int count() {
    return nodes.size();
  }

  /** Where somebody who asks comes to: any node that does not stand still. */
  public Node door() {
    return pick(n -> !n.isStanding(), doors.nextInt(nodes.size())).orElseThrow();
  }

  /** What a node answers, or what answers in its place. */
  public Answer answer(Node door, Request request) {
    return fronts.get(nodes.indexOf(door)).answer(request);
  }

  /** Any node that runs. */
  public Optional<Node> up(int which) {
    return pick(n -> n.isUp() && !n.isStanding(), which);
  }

  /** All that run. */
  public List<Node> running() {
    return nodes.stream().filter(n -> n.isUp() && !n.isStanding()).toList();
  }

  /** Any node that does not. */
  public Optional<Node> down(int which) {
    return pick(n -> !n.isUp(), which);
  }

  private Optional<Node> pick(Predicate<Node> which, int number) {
    List<Node> all = nodes.stream().filter(which).toList();
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of(all.get(Math.floorMod(number, all.size())));
  }

  /** None will die or stand still any more. */
  public void spare() {
    nodes.forEach(Node::spare);
  }

  /** Why a node promises nothing any more; empty while all do. */
  public String frozen() {
    return String.join("", nodes.stream().map(Node::frozen).distinct().toList());
  }

  public void kill(Node node) {
    if (!ledgers.isServed()) {
      disconnect();
    }
    node.kill();
  }

  /**
   * One stands still in the middle of its next transaction, while the others go on. Before the
   * commit that is for so long that the server takes back what it holds. One does at a time.
   */
  public void stallAt(Node node, Moment moment, Runnable meanwhile) {
    node.stallAt(
        moment,
        () -> {
          if (nodes.stream().anyMatch(n -> n != node && n.isStanding())) {
            return;
          }
          if (moment == Moment.BEFORE_COMMIT) {
            ledgers.undoUncommitted(ledger);
          }
          meanwhile.run();
        });
  }

  /** Keeps a copy of the ledger and of its anchor, if it is of a kind that hosts do that with. */
  public boolean backUp() {
    try {
      backup = isReadable() ? ledgers.backUp(ledger, connection()) : Optional.empty();
      if (backup.isPresent()) {
        nodes.getFirst().keepAnchor(backup.get());
      }
      return backup.isPresent();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The copy there is. */
  public Optional<Path> backup() {
    return backup;
  }

  /** Puts the copy in place of the newest ledger and starts on that. */
  public void restore(boolean anchorToo) {
    Node node = nodes.getFirst();
    kill(node);
    try {
      node.restore(backup.orElseThrow(), anchorToo);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    node.start();
  }

  /** Whether the ledger can be looked at now. */
  public boolean isReadable() {
    return ledgers.isServed() || nodes.stream().anyMatch(Node::isUp);
  }

  /** Whether it can be looked at whatever becomes of the nodes. */
  public boolean isServed() {
    return ledgers.isServed();
  }

  /** For looking at the ledger, while that is possible. */
  public Connection connection() {
    Connection open = connection;
    if (open == null) {
      try {
        open = ledgers.connect(ledger);
        connection = open;
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
    return open;
  }

  private void disconnect() {
    Connection open = connection;
    connection = null;
    try {
      if (open != null) {
        open.close();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    disconnect();
    nodes.forEach(Node::kill);
    ledgers.drop(ledger);
  }
}
