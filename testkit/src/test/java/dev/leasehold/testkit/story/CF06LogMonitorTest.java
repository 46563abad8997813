package dev.leasehold.testkit.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.audit.BundleLine;
import dev.leasehold.core.audit.Finding;
import dev.leasehold.core.audit.LogMonitor;
import dev.leasehold.core.audit.LogSource;
import dev.leasehold.core.audit.Report;
import dev.leasehold.core.audit.Rule;
import dev.leasehold.core.audit.Scope;
import dev.leasehold.core.audit.Tables;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.InstanceState;
import dev.leasehold.core.lease.LeaseState;
import dev.leasehold.core.lease.LogRef;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Target;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.testkit.party.Parties;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A log that is followed: honest and growing, or cut back, rewritten, reordered, split. */
class CF06LogMonitorTest {
  private final StoryTeller t = new StoryTeller().open();
  private final ToldLog log = new ToldLog(t.parties.logKey);
  private final MemoryMirror mirror = new MemoryMirror();
  private final Actor a = t.enrol();
  private int published;

  @BeforeEach
  void begin() {
    t.beat(a, Tales.v(100));
    publish();
  }

  @Test
  void anHonestLogIsFollowedAndGoneOnWithAfterARestart() throws Exception {
    LogMonitor monitor = open();
    assertThat(monitor.poll()).isEmpty();
    assertThat(monitor.size()).isEqualTo(log.entries.size());
    for (int i = 2; i < 300; i++) {
      t.beat(a, Tales.v(100));
    }
    publish();
    LogMonitor again = open();
    assertThat(again.size()).isLessThan(log.entries.size());
    for (LogMonitor m : List.of(monitor, again)) {
      assertThat(m.poll()).isEmpty();
      assertThat(m.poll()).isEmpty();
      assertThat(m.report().findings()).isEmpty();
      assertThat(m.report().leases().getFirst().proven()).isEqualTo(t.books().settled());
    }
    assertThat(mirror.contradictions).isEmpty();
  }

  @Test
  void aLogCutBackIsAnAlarmAndTheNoteIsKept() throws Exception {
    LogMonitor monitor = followed();
    log.entries.removeLast();
    log.publish(t.parties.logKey);
    assertAlarm(monitor, Rule.LOG_CONSISTENCY);
    assertThat(mirror.contradictions).hasSize(1);
  }

  @Test
  void anEntryAlteredOrReorderedBeforeTheNewOnesIsAnAlarm() throws Exception {
    LogMonitor monitor = followed();
    Collections.swap(log.entries, 4, 5);
    assertAlarm(monitor, Rule.LOG_CONSISTENCY, () -> log.publish(t.parties.logKey));
    t.beat(a, Tales.v(200));
    publish();
    assertAlarm(monitor, Rule.LOG_CONSISTENCY);
  }

  @Test
  void aSplitViewIsTwoNotesOfOneSize() throws Exception {
    LogMonitor monitor = followed();
    log.entries.removeLast();
    t.incident("another view");
    log.publish(t.lines(Scope.LOG).subList(published, published + 1));
    assertAlarm(monitor, Rule.LOG_CONSISTENCY);
  }

  @Test
  void entriesThatDoNotHashToTheCheckpointAreNotTaken() throws Exception {
    LogMonitor monitor = followed();
    t.beat(a, Tales.v(200));
    publish();
    log.entries.set(log.entries.size() - 1, ToldLog.utf8("{}"));
    assertAlarm(monitor, Rule.LOG_ENTRIES);
    assertThat(monitor.size()).isEqualTo(published - 1);
    log.entries.removeLast();
    log.publish(t.lines(Scope.LOG).subList(published - 1, published));
    assertThat(monitor.poll()).isEmpty();
    assertThat(monitor.size()).isEqualTo(published);
  }

  @Test
  void aServerThatGoesAwayInTheMiddleIsNoAlarm() throws Exception {
    for (int i = 2; i < 300; i++) {
      t.beat(a, Tales.v(100));
    }
    publish();
    AtomicInteger files = new AtomicInteger();
    LogSource fails =
        path -> {
          if (files.incrementAndGet() == 3) {
            throw new IOException("connection reset");
          }
          return log.fetch(path);
        };
    LogMonitor monitor = LogMonitor.open(fails, mirror, Optional.of(t.parties.approverSet()));
    assertThatThrownBy(monitor::poll).isInstanceOf(IOException.class);
    assertThat(monitor.size()).isZero();
    assertThat(monitor.poll()).isEmpty();
    assertThat(monitor.size()).isEqualTo(published);
    assertThat(monitor.report().findings()).isEmpty();
  }

  @Test
  void aCheckpointOfAnotherKeyIsNone() throws Exception {
    LogMonitor monitor = followed();
    t.beat(a, Tales.v(200));
    log.publish(t.lines(Scope.LOG).subList(published, t.lines(Scope.LOG).size()));
    log.publish(t.parties.stranger);
    assertAlarm(monitor, Rule.LOG_CHECKPOINT);
    ToldLog foreign = new ToldLog(t.parties.stranger);
    foreign.publish(t.lines(Scope.LOG));
    LogMonitor fresh =
        LogMonitor.open(foreign, new MemoryMirror(), Optional.of(t.parties.approverSet()));
    assertAlarm(fresh, Rule.LOG_CHECKPOINT);
  }

  @Test
  void anEntryThatIsNoStatementIsAnAlarm() throws Exception {
    LogMonitor monitor = followed();
    log.entries.add(
        ToldLog.utf8(" " + new String(log.entries.getLast().toArray(), StandardCharsets.UTF_8)));
    log.publish(t.parties.logKey);
    monitor.poll();
    assertThat(monitor.report().findings())
        .extracting(Finding::rule)
        .containsExactly(Rule.LOG_ENTRY_FORM);
  }

  @Test
  void aCheckpointThatTheLogNeverHadIsProvenByTheStatementThatNamesIt() throws Exception {
    t.bends.bend(Grant.class, g -> true, "log", (LogRef x) -> new LogRef(2, Parties.hash(9)));
    t.beat(a, Tales.v(200));
    publish();
    LogMonitor monitor = open();
    monitor.poll();
    assertThat(monitor.report().findings())
        .extracting(Finding::rule)
        .containsExactly(Rule.LOG_REFERENCE);
  }

  @Test
  void aDamagedFolderIsRefusedAndNotTrusted() throws Exception {
    followed();
    mirror.entries.set(2, ToldLog.utf8("{}"));
    assertThatThrownBy(this::open).isInstanceOf(Malformed.class).hasMessageContaining("begin anew");
  }

  @Test
  @Tag("CF-04")
  void tablesThatWereEditedContradictTheLog() throws Exception {
    t.order(Order.Action.SUSPEND, Target.ALL);
    publish();
    Report.LeaseAccount account = followed().report().leases().getFirst();
    Tables.Row row = new Tables.Row(a.id, InstanceState.ACTIVE, 1, a.allow(), a.used());
    Tables honest =
        new Tables(Parties.LEASE_ID, 1, 1, LeaseState.SUSPENDED, t.terms().budget(), List.of(row));
    assertThat(honest.contradictions(account)).isEmpty();
    assertThat(Bends.with(honest, "cseq", (Long x) -> 2L).contradictions(account)).isEmpty();
    assertEdited(account, Bends.with(honest, "state", (LeaseState x) -> LeaseState.ACTIVE));
    assertEdited(account, Bends.with(honest, "budget", (Vec x) -> x.times(2)));
    Tables.Row edited = Bends.with(row, "used", (Vec x) -> Vec.ZERO);
    assertEdited(account, Bends.with(honest, "instances", (List<?> x) -> List.of(edited)));
    assertEdited(account, Bends.with(honest, "instances", (List<?> x) -> List.of()));
  }

  private static void assertEdited(Report.LeaseAccount log, Tables tables) {
    assertThat(tables.contradictions(log)).extracting(Finding::rule).containsExactly(Rule.TABLES);
  }

  private void publish() {
    List<BundleLine> all = t.lines(Scope.LOG);
    log.publish(all.subList(published, all.size()));
    published = all.size();
  }

  private LogMonitor open() throws Exception {
    return LogMonitor.open(log, mirror, Optional.of(t.parties.approverSet()));
  }

  private LogMonitor followed() throws Exception {
    LogMonitor monitor = open();
    assertThat(monitor.poll()).isEmpty();
    return monitor;
  }

  private static void assertAlarm(LogMonitor monitor, Rule rule, Runnable after) throws Exception {
    after.run();
    assertAlarm(monitor, rule);
  }

  private static void assertAlarm(LogMonitor monitor, Rule rule) throws Exception {
    assertThat(monitor.poll()).extracting(Finding::rule).contains(rule);
    assertThat(monitor.report().findings()).extracting(Finding::rule).containsOnly(rule);
  }
}
