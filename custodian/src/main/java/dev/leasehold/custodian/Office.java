package dev.leasehold.custodian;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.custodian.api.Problems;
import dev.leasehold.custodian.api.Server;
import dev.leasehold.custodian.beat.Finals;
import dev.leasehold.custodian.beat.Heartbeats;
import dev.leasehold.custodian.beat.Replies;
import dev.leasehold.custodian.collateral.Library;
import dev.leasehold.custodian.grant.Admission;
import dev.leasehold.custodian.grant.Attested;
import dev.leasehold.custodian.grant.DekImport;
import dev.leasehold.custodian.grant.Evidences;
import dev.leasehold.custodian.grant.Hellos;
import dev.leasehold.custodian.grant.Judge;
import dev.leasehold.custodian.grant.Staples;
import dev.leasehold.custodian.key.CustodianKeys;
import dev.leasehold.custodian.key.RelayTokens;
import dev.leasehold.custodian.ledger.Freeze;
import dev.leasehold.custodian.ledger.Incidents;
import dev.leasehold.custodian.ledger.Keeper;
import dev.leasehold.custodian.ledger.LedgerFaults;
import dev.leasehold.custodian.ledger.Stops;
import dev.leasehold.custodian.log.LogDesk;
import dev.leasehold.custodian.log.LogKeeper;
import dev.leasehold.custodian.log.Sequencer;
import dev.leasehold.custodian.revoke.CommandHub;
import dev.leasehold.custodian.revoke.Commands;
import dev.leasehold.custodian.revoke.Orders;
import dev.leasehold.custodian.revoke.Starts;
import dev.leasehold.custodian.standing.Registrar;
import dev.leasehold.custodian.store.Store;
import dev.leasehold.custodian.store.Writer;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;

/**
 * A custodian behind its front door: keys, books and the services that requests lead to. It listens
 * on no port and lets no time pass by itself, so that whoever opens one decides both.
 */
public final class Office implements AutoCloseable {
  private final CustodianKeys keys;
  private final Books books;
  private final Writer writer;
  private final CommandHub hub = new CommandHub();
  private final AutoCloseable commanded;
  private final Keeper keeper;
  private final LogKeeper logKeeper;
  private final Library collateral;
  private final Server.Services services;

  private Office(CustodianConfig config, Anchors anchors, Instruments instruments)
      throws IOException, Malformed {
    Clock clock = instruments.clock();
    SecureRandom random = instruments.random();
    this.collateral = Library.open(config.collateral(), anchors, clock);
    this.keys = CustodianKeys.load(config.folder().resolve(Custodian.KEYS_FOLDER), random);
    Incidents incidents = new Incidents(keys);
    this.books = Books.open(config, clock, incidents);
    this.commanded = books.store().listen(hub::announce);
    Freeze freeze = books.freeze();
    this.writer =
        new Writer(
            books.store(),
            books.anchor(),
            new LedgerFaults(incidents, freeze),
            instruments.crashes());
    Commands commands = new Commands(keys, hub);
    Stops stops = new Stops(commands, freeze, books.anchor()::newest);
    this.keeper = new Keeper(books.store(), writer, stops, freeze, incidents);
    this.logKeeper =
        new LogKeeper(
            books.store(), writer, new Sequencer(writer, keys, freeze), freeze, incidents);
    Attested attested = new Attested();
    Staples staples = new Staples(keys, attested);
    Judge judge = new Judge(collateral, anchors, clock);
    RelayTokens tokens =
        new RelayTokens(
            new HexBytes(books.store().read(tx -> tx.meta().get("relay_secret"))).bytes());
    this.services =
        new Server.Services(
            new Registrar(books.store(), writer, keys),
            new DekImport(writer, keys),
            new Hellos(books.store(), writer, keys, tokens, stops, freeze, random),
            new Evidences(
                books.store(),
                writer,
                judge,
                new Admission(keys, judge, staples),
                stops,
                freeze,
                incidents),
            new Heartbeats(
                books.store(),
                writer,
                new Replies(keys, attested, staples),
                stops,
                freeze,
                incidents,
                config.peakTokensPerSecond()),
            new Finals(books.store(), writer, keys, stops, freeze, incidents),
            staples,
            new Orders(books.store(), writer, stops, new Starts(commands, stops), freeze),
            hub,
            new LogDesk(books.store(), writer),
            tokens,
            freeze,
            incidents,
            collateral);
  }

  /**
   * Opens the folder that {@link Custodian#init} made.
   *
   * @param anchors the only hardware roots of trust; nothing in {@code config} can add one
   */
  public static Office open(CustodianConfig config, Anchors anchors, Instruments instruments)
      throws IOException, Malformed {
    return new Office(config, anchors, instruments);
  }

  public Server.Services services() {
    return services;
  }

  /** What refusals look like to those who are refused. */
  public Problems problems() {
    return new Problems(books.store(), keys);
  }

  public CustodianKeys keys() {
    return keys;
  }

  public Store store() {
    return books.store();
  }

  /** Lets time pass for the books. */
  public Keeper keeper() {
    return keeper;
  }

  /** Lets time pass for the log. */
  public LogKeeper logKeeper() {
    return logKeeper;
  }

  @Override
  public void close() {
    hub.close();
    collateral.close();
    keeper.close();
    logKeeper.close();
    stopListening();
    writer.close();
    books.close();
    keys.close();
  }

  private void stopListening() {
    try {
      commanded.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
