package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.custodian.log.LogKeeper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever edits the log behind the custodian's back freezes it, running or at its next start. */
@Tag("CF-04")
@Tag("CF-06")
@DisplayName("CF-06 log truncated, entry altered, reordered; CF-04 SQL edits")
class CF06LogEditTest {
  private static final int ENTRIES = 600;

  @TempDir static Path folder;
  private static World world;
  private static byte[] database;

  @BeforeAll
  static void logged() throws Exception {
    world = new World(folder).lend();
    world.stop();
    try (Office office = LogRows.office(world)) {
      office.logKeeper().sequence();
      LogRows.add(world, 0, ENTRIES);
      office.logKeeper().sequence();
    }
    database = Files.readAllBytes(world.folder.resolve(Custodian.DATABASE_FILE));
  }

  @BeforeEach
  void asItWas() throws Exception {
    Files.write(world.folder.resolve(Custodian.DATABASE_FILE), database);
  }

  static Stream<Arguments> edits() {
    return Stream.of(
        edit("entry 300 is not", "UPDATE log_entry SET body = body || ' ' WHERE idx = 300"),
        edit("entry 2 is not", "DELETE FROM log_entry WHERE idx = 2"),
        edit(
            "entry 10 is not",
            "UPDATE log_entry SET idx = -1 WHERE idx = 10",
            "UPDATE log_entry SET idx = 10 WHERE idx = 11",
            "UPDATE log_entry SET idx = 11 WHERE idx = -1"),
        edit("entry 590 is not", "DELETE FROM log_entry WHERE idx >= 590"),
        edit(
            "an entry is placed behind",
            "DELETE FROM log_checkpoint WHERE size > 100",
            "UPDATE log_entry SET body = 'x' WHERE idx > 200"),
        edit(
            "its tiles hold more",
            "DELETE FROM log_checkpoint WHERE size > 100",
            "UPDATE log_entry SET idx = NULL WHERE idx >= (SELECT MAX(size) FROM log_checkpoint)"),
        edit("tile/0/001 is missing", "DELETE FROM log_tile WHERE level = 0 AND n = 1"),
        edit(
            "tile/1/000.p/2 does not hold the hash of tile/0/000",
            "UPDATE log_tile SET hashes = (SELECT hashes FROM log_tile WHERE n = 1) WHERE n = 0 AND level = 0",
            "UPDATE log_entry SET idx = NULL WHERE idx < 256",
            "UPDATE log_entry SET idx = idx - 256 WHERE idx BETWEEN 256 AND 511",
            "UPDATE log_tile SET hashes = hashes"),
        edit("checkpoint 60", "UPDATE log_checkpoint SET root = replace(root, 'a', 'b')"));
  }

  private static Arguments edit(String reason, String... statements) {
    return Arguments.of(reason, Arrays.asList(statements));
  }

  @ParameterizedTest
  @MethodSource("edits")
  void anEditIsFoundAtTheNextStart(String reason, List<String> statements) throws Exception {
    for (String s : statements) {
      world.sql(s);
    }
    try (Office office = LogRows.office(world)) {
      assertFrozen(office, reason);
    }
  }

  @Test
  void anEditIsFoundWhileItRunsAndNothingIsSignedOverIt() throws Exception {
    try (Office office = LogRows.office(world)) {
      LogKeeper keeper = office.logKeeper();
      keeper.check();
      assertThat(office.store().read(office.services().freeze()::reason)).isEmpty();
      String before = office.services().log().checkpoint();
      world.sql("UPDATE log_entry SET body = 'forged' WHERE idx = 300");
      keeper.check();
      assertFrozen(office, "entry 300 is not the one that was logged");
      LogRows.add(world, ENTRIES, 1);
      keeper.sequence();
      assertThat(office.services().log().checkpoint()).isEqualTo(before);
    }
  }

  @Test
  void aLogThatGoesBackWhileItRunsIsNotContinued() throws Exception {
    try (Office office = LogRows.office(world)) {
      String before = office.services().log().checkpoint();
      world.sql("DELETE FROM log_checkpoint");
      world.sql("DELETE FROM log_tile");
      world.sql("UPDATE log_entry SET idx = NULL");
      office.logKeeper().sequence();
      assertThat(office.services().log().checkpoint()).isEqualTo(before);
      office.logKeeper().check();
      assertFrozen(office, "this node has published checkpoint");
    }
  }

  @Test
  void anEntryThatWaitsMayNotBeConfusedWithTheLog() throws Exception {
    LogRows.add(world, ENTRIES, 3);
    try (Office office = LogRows.office(world)) {
      office.logKeeper().check();
      assertThat(office.store().read(office.services().freeze()::reason)).isEmpty();
    }
  }

  private static void assertFrozen(Office office, String reason) {
    Optional<String> frozen = office.store().read(office.services().freeze()::reason);
    assertThat(frozen)
        .hasValueSatisfying(
            why -> assertThat(why).contains(reason).contains("put back a copy of the database"));
  }
}
