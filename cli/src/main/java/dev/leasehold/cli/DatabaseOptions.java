package dev.leasehold.cli;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.custodian.Custodian;
import dev.leasehold.custodian.key.PrivateFiles;
import dev.leasehold.custodian.store.LedgerDatabase;
import dev.leasehold.custodian.store.PostgresServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a custodian's ledger is. What everybody on the machine can read holds no password. */
final class DatabaseOptions {
  static final String PASSWORD = "LEASEHOLD_DATABASE_PASSWORD";

  @Option(
      names = "--database",
      defaultValue = "${env:LEASEHOLD_DATABASE}",
      description =
          "the ledger on PostgreSQL, postgresql://user@host:port/name, for several custodians;"
              + " without it a file in the folder (or LEASEHOLD_DATABASE)")
  private @Nullable String url;

  @Option(
      names = "--database-password-file",
      description = "its password, in a file of mode 0600 (or " + PASSWORD + ")")
  private @Nullable Path passwordFile;

  LedgerDatabase of(Path custodian) throws CliFailure {
    if (url == null || url.isEmpty()) {
      return Custodian.databaseIn(custodian);
    }
    try {
      return PostgresServer.parse(url, password());
    } catch (Malformed e) {
      throw CliFailure.of("Cannot use --database", e, "name it like that");
    }
  }

  private String password() throws CliFailure {
    if (passwordFile == null) {
      String given = System.getenv(PASSWORD);
      return given == null ? "" : given;
    }
    try {
      return new String(PrivateFiles.read(passwordFile), StandardCharsets.UTF_8).strip();
    } catch (NoSuchFileException e) {
      throw new CliFailure(
          "--database-password-file",
          "a file of mode 0600 with the password",
          "no file " + passwordFile,
          "write it there, or set " + PASSWORD);
    } catch (IOException e) {
      throw new CliFailure("Cannot read the database's password: " + e.getMessage());
    }
  }
}
