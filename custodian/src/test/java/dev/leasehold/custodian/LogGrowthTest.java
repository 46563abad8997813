package dev.leasehold.custodian;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.log.Checkpoint;
import dev.leasehold.core.log.EntryBundle;
import dev.leasehold.core.log.Merkle;
import dev.leasehold.core.log.MerkleBuilder;
import dev.leasehold.core.log.TilePath;
import dev.leasehold.custodian.log.LogDesk;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.store.CrashPoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A log that grows over the edges of its tiles, and one that is cut off while it grows. */
class LogGrowthTest {
  private static final int END = Scale.of(65_537, 770);
  private static final List<Integer> SIZES =
      List.of(1, 255, 256, 257, 511, 512, 513, 768, 770, 65_535, 65_536, 65_537);

  @TempDir Path folder;
  private World world;

  @BeforeEach
  void stopped() throws Exception {
    world = new World(folder);
    world.stop();
    world.sql("DELETE FROM log_checkpoint");
  }

  @Test
  void eachSizeHasTheRootAndTheTilesOfItsEntries() throws Exception {
    MerkleBuilder expected = new MerkleBuilder();
    try (Office office = LogRows.office(world)) {
      LogDesk desk = office.services().log();
      office.logKeeper().sequence();
      assertThat(head(desk).size()).as("the empty log has a checkpoint").isZero();
      for (int size : SIZES.stream().filter(s -> s <= END).toList()) {
        LogRows.add(world, (int) expected.size(), size - (int) expected.size());
        office.logKeeper().sequence();
        while (expected.size() < size) {
          expected.add(leaf((int) expected.size()));
        }
        assertThat(head(desk))
            .isEqualTo(new Checkpoint(world.server.log().origin(), size, expected.root()));
        assertEdge(desk, size);
        desk.inclusion(LogRows.hash(size - 1))
            .check(
                LogRows.body(size - 1).getBytes(UTF_8),
                world.server.log().origin(),
                world.server.log().key());
        office.logKeeper().check();
      }
      assertThat(office.store().read(office.services().freeze()::reason)).isEmpty();
    }
  }

  private static void assertEdge(LogDesk desk, int size) throws Exception {
    TilePath entries = TilePath.of(TilePath.ENTRIES, (size - 1) / TilePath.FULL, size);
    List<Bytes> last = EntryBundle.parse(desk.piece(entries).toArray(), entries.width()).entries();
    assertThat(last.getLast()).isEqualTo(Bytes.of(LogRows.body(size - 1).getBytes(UTF_8)));
    for (int level = 0; size >> (8 * level) > 0; level++) {
      long across = size >> (8 * level);
      TilePath tile = TilePath.of(level, (across - 1) / TilePath.FULL, size);
      assertThat(desk.piece(tile).length()).isEqualTo(32 * tile.width());
      TilePath next = new TilePath(level, across / TilePath.FULL, (int) (across % 256) + 1);
      assertThatThrownBy(() -> desk.piece(next)).isInstanceOf(Rejected.class);
    }
  }

  /** CF-01: places, tiles and checkpoint are there together or not at all. */
  @ParameterizedTest
  @EnumSource(
      value = CrashPoints.Moment.class,
      names = {"BEFORE_COMMIT", "AFTER_COMMIT"})
  void aCrashWhileSequencingLosesNothing(CrashPoints.Moment moment) throws Exception {
    AtomicBoolean armed = new AtomicBoolean();
    CrashPoints crash =
        at -> {
          if (at == moment && armed.get()) {
            throw new AssertionError("cut off at " + at);
          }
        };
    long before;
    try (Office office = LogRows.office(world, Instruments.of(world.clock).with(crash))) {
      LogRows.add(world, 0, 300);
      office.logKeeper().sequence();
      before = head(office.services().log()).size();
      LogRows.add(world, 300, 300);
      armed.set(true);
      assertThatThrownBy(() -> office.logKeeper().sequence());
      assertThat(head(office.services().log()).size())
          .as("nothing is published before it is durable, as this node knows")
          .isEqualTo(before);
    }
    try (Office office = LogRows.office(world)) {
      office.logKeeper().sequence();
      MerkleBuilder expected = new MerkleBuilder();
      for (int i = 0; i < 600; i++) {
        expected.add(leaf(i));
      }
      assertThat(head(office.services().log()))
          .isEqualTo(new Checkpoint(world.server.log().origin(), 600, expected.root()));
    }
  }

  /** What this node told nobody, because its anchor is full, its log does not tell either. */
  @Test
  void whatTheAnchorDoesNotRememberIsNotPublished() throws Exception {
    world.start();
    world.lend();
    world.stop();
    AtomicBoolean full = new AtomicBoolean();
    CrashPoints disk =
        at -> {
          if (at == CrashPoints.Moment.BEFORE_ANCHOR_SYNC && full.get()) {
            throw new UncheckedIOException(new IOException("No space left on device"));
          }
        };
    Envelope revoke =
        Dsse.sign(Statements.ORDER, world.stop(Order.Action.REVOKE), world.owner.operator)
            .envelope();
    try (Office office = LogRows.office(world, Instruments.of(world.clock).with(disk))) {
      LogDesk desk = office.services().log();
      office.logKeeper().sequence();
      Checkpoint before = head(desk);
      long after = before.size() + 2; // the order and its command
      full.set(true);
      assertThatThrownBy(() -> office.services().orders().accept(revoke))
          .isInstanceOf(Rejected.class);
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> office.logKeeper().sequence()).isInstanceOf(Rejected.class);
        assertThat(head(desk)).isEqualTo(before);
        assertThatThrownBy(() -> desk.consistency(before.size(), after))
            .isInstanceOf(Rejected.class);
      }
      full.set(false);
      office.logKeeper().sequence();
      assertThat(head(desk).size()).isEqualTo(after);
      assertThat(desk.consistency(before.size(), after)).isNotNull();
    }
  }

  private static Hash leaf(int i) {
    return Merkle.leaf(LogRows.body(i).getBytes(UTF_8));
  }

  private Checkpoint head(LogDesk desk) throws Exception {
    return Checkpoint.parse(
        desk.checkpoint(), world.server.log().origin(), world.server.log().key());
  }
}
