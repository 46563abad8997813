package dev.leasehold.custodian;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Hex;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.log.SignedNote;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.custodian.api.OperatorTokens;
import dev.leasehold.custodian.key.CustodianKeys;
import dev.leasehold.custodian.key.PrivateFiles;
import dev.leasehold.custodian.store.Anchor;
import dev.leasehold.custodian.store.LedgerDatabase;
import dev.leasehold.custodian.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;

/**
 * The model owner's server. {@link #init} makes its keys and its empty ledger once; {@link #start}
 * serves them.
 */
public final class Custodian implements AutoCloseable {
  static final String DATABASE_FILE = "custodian.db";
  static final String ANCHOR_FILE = "anchor";
  static final String KEYS_FOLDER = "keys";
  private static final int RELAY_SECRET_BYTES = 32;

  private final Parts parts;

  private Custodian(Parts parts) {
    this.parts = parts;
  }

  /** Makes a custodian in a new folder, with its ledger in there too. */
  public static CustodianPublic init(
      Path folder, List<KeyRecord> approvers, long threshold, String logOrigin, List<String> hosts)
      throws IOException, Malformed {
    return init(folder, databaseIn(folder), approvers, threshold, logOrigin, hosts);
  }

  /**
   * Makes a custodian in a new folder. The approver set is fixed from here on.
   *
   * @param database where its ledger will be; there must be none yet
   * @param threshold approvers that must sign to grant
   * @param logOrigin name of its transparency log, such as {@code custodian.example/log}
   * @param hosts names and addresses for its TLS certificate
   * @return what a roster must say about it, also written to {@link CustodianPublic#FILE}
   */
  public static CustodianPublic init(
      Path folder,
      LedgerDatabase database,
      List<KeyRecord> approvers,
      long threshold,
      String logOrigin,
      List<String> hosts)
      throws IOException, Malformed {
    Store.requireNone(database);
    if (threshold < 1 || threshold > approvers.size()) {
      throw new Malformed("threshold", "1 to " + approvers.size(), String.valueOf(threshold));
    }
    if (!SignedNote.isName(logOrigin)) {
      throw new Malformed("log origin", "a name without spaces and without '+'", logOrigin);
    }
    SecureRandom random = new SecureRandom();
    PrivateFiles.createFolder(folder);
    try (CustodianKeys keys = CustodianKeys.create(folder.resolve(KEYS_FOLDER), hosts, random)) {
      CustodianPublic shown =
          new CustodianPublic(
              keys.grantKey(),
              new Roster.Log(logOrigin, keys.logKey().ed25519()),
              keys.importKey().publicKey().raw(),
              keys.tlsCertificate(),
              Roster.approverSet(threshold, approvers));
      byte[] secret = new byte[RELAY_SECRET_BYTES];
      random.nextBytes(secret);
      Anchor.create(folder.resolve(ANCHOR_FILE));
      createLedger(database, shown, Hex.encode(secret));
      shown.write(folder.resolve(CustodianPublic.FILE));
      return shown;
    }
  }

  private static void createLedger(
      LedgerDatabase database, CustodianPublic shown, String relaySecret) throws IOException {
    Store.create(
        database,
        InstantSource.system(),
        tx -> {
          tx.meta().put("incarnation", "1");
          tx.meta().put("frozen", "");
          tx.meta().put("relay_secret", relaySecret);
          tx.meta().put("approver_set", shown.approverSet().hex());
          tx.meta().put("log_origin", shown.log().origin());
        });
    if (database instanceof LedgerDatabase.SqliteFile sqlite) {
      PrivateFiles.makePrivate(sqlite.file());
    }
  }

  /** Where the ledger of a custodian is that has it in its folder. */
  public static LedgerDatabase databaseIn(Path folder) {
    return new LedgerDatabase.SqliteFile(folder.resolve(DATABASE_FILE));
  }

  /**
   * Starts serving.
   *
   * @param anchors the only hardware roots of trust; nothing in {@code config} can add one
   */
  public static Custodian start(CustodianConfig config, Anchors anchors, Clock clock)
      throws IOException, Malformed {
    return start(config, anchors, Instruments.of(clock));
  }

  /** As {@link #start(CustodianConfig, Anchors, Clock)}, for tests that look at it from inside. */
  static Custodian start(CustodianConfig config, Anchors anchors, Instruments instruments)
      throws IOException, Malformed {
    return new Custodian(Parts.start(config, anchors, instruments));
  }

  /** A new bearer token of a custodian that has its ledger in its folder. */
  public static String operatorToken(Path folder) {
    try {
      return operatorToken(databaseIn(folder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A new bearer token for the read-only views of operators; valid for 12 hours.
   *
   * @param database of a custodian, running or not
   */
  public static String operatorToken(LedgerDatabase database) throws IOException {
    try (Store store = Store.open(database, InstantSource.system())) {
      return store.setUp(tx -> OperatorTokens.issue(tx, new SecureRandom()));
    }
  }

  public URI uri() {
    return parts.uri();
  }

  /** What clients pin. */
  public Hash certificateSha256() {
    return parts.certificate();
  }

  @Override
  public void close() {
    parts.close();
  }
}
