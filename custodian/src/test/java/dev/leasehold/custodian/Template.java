package dev.leasehold.custodian;

import dev.leasehold.custodian.store.LedgerDatabase;
import dev.leasehold.custodian.store.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A custodian as init leaves it, made once a JVM for each database and copied for each test. */
final class Template {
  static final Template SINGLE = new Template(1);

  private final Owner owner;
  private final Map<Engine, Made> made = new EnumMap<>(Engine.class);

  /** What init made. */
  private record Made(Path folder, LedgerDatabase database) {}

  Template(long threshold) {
    this.owner = new Owner(System.currentTimeMillis(), threshold);
  }

  /** Two approvers must sign to grant. */
  static final class Two {
    static final Template TWO = new Template(2);

    private Two() {}
  }

  Owner owner() {
    return owner;
  }

  /** Copies keys and ledger; returns where the copy's ledger is. */
  LedgerDatabase copyTo(Engine engine, Path target) throws IOException {
    Made original = made(engine);
    copy(original.folder, target);
    return original.database instanceof PostgresServer server
        ? TestPostgres.shared().copy(server)
        : Custodian.databaseIn(target);
  }

  static void copy(Path folder, Path target) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path p : all.toList()) {
        Files.copy(p, target.resolve(folder.relativize(p)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  private synchronized Made made(Engine engine) {
    return made.computeIfAbsent(engine, this::make);
  }

  private Made make(Engine engine) {
    try {
      Path folder = Files.createTempDirectory("custodian-template");
      return switch (engine) {
        case SQLITE -> new Made(folder, make(folder, Custodian.databaseIn(folder)));
        case POSTGRES -> new Made(folder, make(folder, TestPostgres.shared().database()));
      };
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Makes a custodian of this owner's; returns where its ledger is. */
  LedgerDatabase make(Path folder, LedgerDatabase database) throws Exception {
    Custodian.init(
        folder,
        database,
        List.of(owner.approver.key(), owner.second.key()),
        owner.threshold,
        "custodian.example/log",
        List.of("localhost", "127.0.0.1"));
    return database;
  }
}
