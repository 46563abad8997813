package dev.leasehold.borrower;

import dev.leasehold.borrower.books.Statement;
import dev.leasehold.borrower.carry.Archive;
import dev.leasehold.borrower.carry.Backoff;
import dev.leasehold.borrower.carry.Carrier;
import dev.leasehold.borrower.carry.Commands;
import dev.leasehold.borrower.carry.CustodianClient;
import dev.leasehold.borrower.carry.Enrolment;
import dev.leasehold.borrower.carry.LogWatch;
import dev.leasehold.borrower.carry.Staples;
import dev.leasehold.borrower.http.Listeners;
import dev.leasehold.borrower.http.PackageFolder;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Signer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

/**
 * A running relay: trusted for nothing. It can delay or drop messages, which stops enclaves earlier
 * and never later; it cannot forge, widen or read one.
 */
public final class Relay implements AutoCloseable {
  private final InstantSource clock;
  private final Archive archive;
  private final CustodianClient custodian;
  private final Carrier carrier;
  private final Commands commands;
  private final LogWatch logWatch;
  private final Listeners listeners;
  private final AtomicReference<Optional<URI>> enclave;

  private Relay(RelayConfig config, InstantSource clock, RandomGenerator random, Backoff backoff)
      throws IOException, Malformed {
    this.clock = clock;
    PackageFolder folder = PackageFolder.open(config.modelPackage());
    Signer borrowerKey = BorrowerKey.load(config.borrowerKey());
    Files.createDirectories(config.state());
    this.enclave = new AtomicReference<>(config.enclave());
    this.archive = Archive.open(journal(config), config.leaseId(), clock);
    this.custodian = new CustodianClient(config.custodian(), config.certificate());
    this.commands = new Commands(custodian, archive, backoff, random);
    this.carrier = new Carrier(custodian, archive, backoff, random);
    this.logWatch = new LogWatch(custodian, archive, clock, backoff.limit());
    Enrolment enrolment =
        new Enrolment(
            custodian,
            archive,
            backoff,
            clock,
            random,
            borrowerKey,
            new Enrolment.Terms(config.leaseId(), config.tee(), folder.hash()));
    try {
      this.listeners =
          Listeners.start(
              new Listeners.Parts(
                  carrier,
                  enrolment,
                  commands,
                  new Staples(custodian, archive),
                  logWatch,
                  archive.sessions(),
                  archive.books(),
                  this::statement,
                  folder,
                  enclave::get),
              new Listeners.Addresses(config.inner(), config.outer(), config.console()));
    } catch (IOException e) {
      custodian.close();
      archive.close();
      throw e;
    }
    carrier.resume();
    logWatch.start();
  }

  /** The file in which a relay keeps every message. */
  public static Path journal(RelayConfig config) {
    return config.state().resolve("journal.jsonl");
  }

  public static Relay start(RelayConfig config) throws IOException, Malformed {
    return start(config, InstantSource.system(), new SecureRandom(), Backoff.DEFAULT);
  }

  static Relay start(
      RelayConfig config, InstantSource clock, RandomGenerator random, Backoff backoff)
      throws IOException, Malformed {
    return new Relay(config, clock, random, backoff);
  }

  /** Says where the enclave listens, once it has announced its port. */
  public void enclaveAt(URI uri) {
    enclave.set(Optional.of(uri));
  }

  /** Where enclaves reach this relay. */
  public InetSocketAddress inner() {
    return listeners.inner();
  }

  /** Where consumers reach it. */
  public InetSocketAddress outer() {
    return listeners.outer();
  }

  /** Where the borrower looks. */
  public InetSocketAddress console() {
    return listeners.console();
  }

  /** The borrower's account of its lease. */
  public Statement statement() {
    return archive.books().statement(clock.millis());
  }

  /** Stops listening and sending; what has no answer yet is sent again by the next start. */
  @Override
  public void close() throws IOException {
    listeners.close();
    carrier.close();
    commands.close();
    logWatch.close();
    custodian.close();
    archive.close();
  }
}
