package dev.leasehold.custodian;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.pki.Anchors;
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
import dev.leasehold.custodian.revoke.CommandHub;
import dev.leasehold.custodian.revoke.Commands;
import dev.leasehold.custodian.revoke.Orders;
import dev.leasehold.custodian.revoke.Starts;
import dev.leasehold.custodian.standing.Registrar;
import dev.leasehold.custodian.store.Writer;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;

/** The parts of a running custodian, wired. */
final class Parts implements AutoCloseable {
  private final CustodianKeys keys;
  private final Books books;
  private final Writer writer;
  private final CommandHub hub = new CommandHub();
  private final Keeper keeper;
  private final Library collateral;
  private final Server server;
  private final URI uri;
  private final Hash certificate;

  private Parts(CustodianConfig config, Anchors anchors, Clock clock)
      throws IOException, Malformed {
    this.collateral = Library.open(config.collateral(), anchors, clock);
    SecureRandom random = new SecureRandom();
    this.keys = CustodianKeys.load(config.folder().resolve(Custodian.KEYS_FOLDER), random);
    Incidents incidents = new Incidents(keys);
    this.books = Books.open(config, clock, incidents);
    Freeze freeze = books.freeze();
    this.writer = new Writer(books.store(), books.anchor(), new LedgerFaults(incidents, freeze));
    Commands commands = new Commands(keys, hub);
    Stops stops = new Stops(commands, freeze, books.anchor()::newest);
    this.keeper = new Keeper(writer, stops, freeze, incidents);
    Attested attested = new Attested();
    Staples staples = new Staples(keys, attested);
    Judge judge = new Judge(collateral, anchors, clock);
    RelayTokens tokens =
        new RelayTokens(
            new HexBytes(books.store().read(tx -> tx.meta().get("relay_secret"))).bytes());
    Server.Services services =
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
            tokens,
            freeze,
            collateral);
    this.certificate = keys.tlsCertificate();
    this.server = serve(config, services);
    this.uri = URI.create("https://" + config.host() + ":" + server.port());
  }

  static Parts start(CustodianConfig config, Anchors anchors, Clock clock)
      throws IOException, Malformed {
    Parts parts = new Parts(config, anchors, clock);
    parts.keeper.start();
    parts.collateral.start();
    return parts;
  }

  private Server serve(CustodianConfig config, Server.Services services) throws IOException {
    try {
      return Server.start(config.host(), config.port(), keys, books.store(), services);
    } catch (IOException e) {
      closeBooks();
      throw e;
    }
  }

  URI uri() {
    return uri;
  }

  Hash certificate() {
    return certificate;
  }

  @Override
  public void close() {
    hub.close();
    server.close();
    closeBooks();
  }

  private void closeBooks() {
    collateral.close();
    keeper.close();
    writer.close();
    books.close();
    keys.close();
  }
}
