package dev.leasehold.adversary.world;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.hpke.DekTransport;
import dev.leasehold.core.hpke.HpkePublicKey;
import dev.leasehold.core.hpke.Sealed;
import dev.leasehold.core.lease.Borrower;
import dev.leasehold.core.lease.Measurements;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.seal.DekMessage;
import dev.leasehold.core.seal.SecretBytes;
import dev.leasehold.custodian.Custodian;
import dev.leasehold.custodian.CustodianConfig;
import dev.leasehold.custodian.CustodianPublic;
import dev.leasehold.custodian.Instruments;
import dev.leasehold.custodian.Office;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.standing.Registrar;
import dev.leasehold.custodian.store.LedgerDatabase;
import dev.leasehold.testkit.party.Parties;
import dev.leasehold.testkit.snp.SimulatedAmd;
import dev.leasehold.testkit.snp.SimulatedChip;
import dev.leasehold.testkit.time.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A custodian that has everything registered but a lease, made once a JVM for each kind of
 * database: making keys and a certificate is slow. Every world starts from a copy.
 */
public final class Template {
  private static final int CHIPS = 3;
  private static final Map<Ledgers, Template> MADE = new ConcurrentHashMap<>();

  private final SimulatedAmd amd = SimulatedAmd.shared();
  private final List<SimulatedChip> chips =
      Stream.generate(() -> SimulatedChip.create(amd)).limit(CHIPS).toList();
  private final Ledgers ledgers;
  private final Path folder;
  private final LedgerDatabase ledger;
  private final CustodianPublic server;
  private final Signed<Roster> roster;
  private final Signed<Measurements> measurements = People.measurements();
  private final Signed<Borrower> borrower =
      People.borrower(chips.stream().map(SimulatedChip::platformId).toList());
  private final Signed<ModelPackage> modelPackage = People.modelPackage();

  private Template(Ledgers ledgers) {
    try {
      this.ledgers = ledgers;
      this.folder = Files.createTempDirectory(memory(), "leasehold-template");
      this.ledger = ledgers.place(folder);
      this.server =
          Custodian.init(
              folder, ledger, People.approvers(), 2, "custodian.example/log", List.of("localhost"));
      this.roster = People.roster(server);
      Path collateral = Files.createDirectories(folder.resolve("collateral"));
      ManualClock clock = new ManualClock(Parties.NOW);
      Files.write(
          collateral.resolve("list.crl"),
          amd.revocations(clock.instant().minusSeconds(1)).encoded());
      Files.write(collateral.resolve("ask.der"), Certificates.encoded(amd.ask()));
      try (Office office =
          Office.open(
              config(folder, ledger),
              amd.anchors(),
              Instruments.of(clock).with(new SeededRandom(0)))) {
        register(office);
      }
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
    } catch (IOException | Malformed | Rejected e) {
      throw new IllegalStateException(e);
    }
  }

  /** The one of this JVM. */
  public static Template of(Ledgers ledgers) {
    return MADE.computeIfAbsent(ledgers, Template::new);
  }

  /** A folder in memory where there is one: schedules test order and atomicity, not a disk. */
  public static Path memory() {
    Path shm = Path.of("/dev/shm");
    return Files.isWritable(shm) ? shm : Path.of(System.getProperty("java.io.tmpdir"));
  }

  static CustodianConfig config(Path folder, LedgerDatabase ledger) {
    return CustodianConfig.of(folder, "127.0.0.1", 0).with(ledger);
  }

  public SimulatedAmd amd() {
    return amd;
  }

  public List<SimulatedChip> chips() {
    return chips;
  }

  public CustodianPublic server() {
    return server;
  }

  public Signed<Roster> roster() {
    return roster;
  }

  public Signed<Measurements> measurements() {
    return measurements;
  }

  public Signed<Borrower> borrower() {
    return borrower;
  }

  public Signed<ModelPackage> modelPackage() {
    return modelPackage;
  }

  /** A ledger for a world, and a folder for each of the nodes that share it. */
  LedgerDatabase copyTo(List<Path> nodes) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path p : all.toList()) {
        for (Path node : nodes) {
          Files.copy(p, node.resolve(folder.relativize(p)), StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
    return ledgers.copy(ledger, nodes.getFirst());
  }

  /** Deletes a folder and all in it. */
  public static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path p : all.toList().reversed()) {
        Files.delete(p);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void register(Office office) throws Rejected, Malformed {
    Registrar registrar = office.services().registrar();
    registrar.register(Registrar.Collection.ROSTERS, roster.envelope());
    registrar.register(Registrar.Collection.MEASUREMENTS, measurements.envelope());
    registrar.register(Registrar.Collection.BORROWERS, borrower.envelope());
    Envelope envelope = modelPackage.envelope();
    registrar.register(Registrar.Collection.PACKAGES, envelope);
    Sealed sealed =
        DekTransport.sealForImport(
            HpkePublicKey.parse("importKey", server.importKey()),
            modelPackage.hash(),
            new DekMessage(People.DEK_ID, SecretBytes.taking(People.dek())));
    byte[] body = new byte[sealed.enc().length() + sealed.ct().length()];
    System.arraycopy(sealed.enc().toArray(), 0, body, 0, sealed.enc().length());
    System.arraycopy(sealed.ct().toArray(), 0, body, sealed.enc().length(), sealed.ct().length());
    office.services().dekImport().accept(People.PACKAGE_ID, body);
  }
}
