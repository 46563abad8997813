package dev.leasehold.cli;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.dsse.Kind;
import dev.leasehold.core.lease.Borrower;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Measurements;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Tee;
import dev.leasehold.core.lease.Tier;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.custodian.CustodianPublic;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code leasehold draft}: writes statements for people to read, edit and then approve. */
@Command(
    name = "draft",
    description = "Writes a draft to edit and then sign with 'leasehold approve'.",
    subcommands = {
      DraftCommand.RosterDraft.class,
      DraftCommand.MeasurementsDraft.class,
      DraftCommand.BorrowerDraft.class,
      DraftCommand.LeaseDraft.class
    })
final class DraftCommand {

  /** What all drafts share. */
  abstract static class Draft implements Callable<Integer> {
    @Option(names = "--out", required = true, description = "where the draft goes")
    private Path out;

    abstract void write() throws CliFailure;

    @Override
    public Integer call() throws CliFailure {
      write();
      Console.standard().fact("draft", out + "  (read it, edit it, then 'leasehold approve')");
      return 0;
    }

    <T extends Record> void save(Kind<T> kind, T statement) throws CliFailure {
      LocalFiles.write(
          out, PrettyJson.write(LocalFiles.parse(kind.name(), kind.encode(statement))));
    }

    static Id randomId() {
      byte[] bytes = new byte[Id.BYTES];
      new SecureRandom().nextBytes(bytes);
      return Id.of(bytes);
    }

    static long now() {
      return System.currentTimeMillis();
    }
  }

  @Command(name = "roster", description = "Who may sign what: approvers start, operators stop.")
  static final class RosterDraft extends Draft {
    @Option(
        names = "--custodian-info",
        required = true,
        description = "custodian-public.json, written by 'custodian init'")
    private Path info;

    @Mixin private ApproverOptions approvers;

    @Option(
        names = "--operator",
        description = "public key file of someone who may stop; repeatable")
    private List<Path> operators = List.of();

    @Option(names = "--valid-days", defaultValue = "365", description = "life of the grant key")
    private long days;

    @Override
    void write() throws CliFailure {
      CustodianPublic custodian = LocalFiles.readCustodian(info);
      long now = now();
      List<Roster.Approver> a = new ArrayList<>();
      for (KeyRecord key : approvers.keys()) {
        a.add(new Roster.Approver(key, "approver-" + (a.size() + 1), "business"));
      }
      List<Roster.Operator> o = new ArrayList<>();
      for (Path file : operators) {
        o.add(
            new Roster.Operator(
                LocalFiles.readPublicKey(file),
                "operator-" + (o.size() + 1),
                List.of(Roster.Capability.STOP)));
      }
      save(
          Statements.ROSTER,
          new Roster(
              1,
              Optional.empty(),
              new Roster.Threshold(approvers.threshold(), approvers.threshold(), 0),
              a,
              o,
              List.of(
                  new Roster.GrantKey(
                      custodian.grantKey(), 0, now + Duration.ofDays(days).toMillis())),
              custodian.log(),
              custodian.importKey(),
              List.of(),
              now,
              List.of()));
    }
  }

  @Command(
      name = "measurements",
      description = "Which enclave programs on which machines may get keys.")
  static final class MeasurementsDraft extends Draft {
    @Option(names = "--tee", defaultValue = "SEV_SNP", description = "${COMPLETION-CANDIDATES}")
    private Tee tee;

    @Option(
        names = "--measurement",
        required = true,
        description = "launch measurement of the enclave image, 96 hex digits")
    private String measurement;

    @Option(
        names = "--enclave-config",
        required = true,
        description = "the enclave-config.json inside that image")
    private Path config;

    @Option(names = "--program", defaultValue = "leasehold-enclave/0.1.0")
    private String program;

    @Override
    void write() throws CliFailure {
      if (tee == Tee.TDX) {
        throw new CliFailure(
            "A trust domain's program shows in its registers",
            "RTMR0 to RTMR3 beside the measurement",
            "the measurement alone",
            "write a first policy with 'leasehold policy from-evidence --kind tdx'");
      }
      Map<String, Measurements.TcbFloor> floors = new LinkedHashMap<>();
      floors.put("genoa", new Measurements.TcbFloor(0, 10, 0, 23, 84));
      floors.put("turin", new Measurements.TcbFloor(1, 1, 1, 4, 81));
      long now = now();
      save(
          Statements.MEASUREMENTS,
          new Measurements(
              randomId(),
              1,
              Optional.empty(),
              now,
              List.of(
                  new Measurements.Entry(
                      tee,
                      new HexBytes(measurement),
                      program,
                      Digests.sha256(LocalFiles.read(config)),
                      HexBytes.EMPTY,
                      List.of())),
              new Measurements.Policy(
                  List.copyOf(floors.keySet()),
                  floors,
                  0,
                  List.of("UpToDate"),
                  List.of(),
                  true,
                  false,
                  true,
                  Duration.ofDays(7).toMillis()),
              now,
              List.of()));
    }
  }

  @Command(name = "borrower", description = "Who borrows, and on which machines.")
  static final class BorrowerDraft extends Draft {
    @Option(names = "--name", required = true)
    private String name;

    @Option(
        names = "--bk",
        required = true,
        description = "public key file of the borrower's relay")
    private Path bk;

    @Option(
        names = "--platform",
        required = true,
        description = "machine and tier, such as sev-snp:<CHIP_ID hex>=B; repeatable")
    private List<String> platforms;

    @Override
    void write() throws CliFailure {
      List<Borrower.Platform> machines = new ArrayList<>();
      for (String p : platforms) {
        int eq = p.lastIndexOf('=');
        if (eq < 0 || !p.substring(eq + 1).matches("[ABC]")) {
          throw new CliFailure(
              "--platform", "<kind>:<chip id>=A|B|C", p, "add the tier, such as =B");
        }
        machines.add(new Borrower.Platform(p.substring(0, eq), Tier.valueOf(p.substring(eq + 1))));
      }
      KeyRecord key = LocalFiles.readPublicKey(bk);
      save(Statements.BORROWER, new Borrower(randomId(), name, key, machines, now(), List.of()));
    }
  }

  @Command(name = "lease", description = "What is lent to whom, for how long and how much.")
  static final class LeaseDraft extends Draft {
    @Option(names = "--package", required = true, description = "the package folder's package.json")
    private Path modelPackage;

    @Option(names = "--borrower", required = true, description = "signed borrower statement")
    private Path borrower;

    @Option(names = "--measurements", required = true, description = "signed measurements")
    private Path measurements;

    @Option(names = "--profile", defaultValue = "normal", description = "${COMPLETION-CANDIDATES}")
    private Profile profile;

    @Option(
        names = "--tokens",
        description = "budget in output tokens; for a model without tokens use --requests")
    private @Nullable Long tokens;

    @Option(names = "--requests", description = "budget in requests (default: one a token)")
    private @Nullable Long requests;

    @Option(names = "--days", defaultValue = "90", description = "how long the lease runs")
    private long days;

    @Option(names = "--purpose", defaultValue = "")
    private String purpose;

    @Option(names = "--tranche", description = "tokens (or requests) of one grant")
    private @Nullable Long trancheSize;

    @Option(names = "--max-active", description = "enclaves that may run at once")
    private @Nullable Long maxActive;

    @Option(names = "--heartbeat-ms", description = "how often an enclave reports")
    private @Nullable Long heartbeatMs;

    @Option(names = "--ttl-ms", description = "how long an enclave serves without a fresh grant")
    private @Nullable Long ttlMs;

    @Option(names = "--grace-ms", description = "after that, how long until it wipes itself")
    private @Nullable Long graceMs;

    @Option(names = "--quantum", description = "tokens are reported rounded down to this")
    private @Nullable Long quantum;

    @Option(names = "--frame-bytes", defaultValue = "4096", description = "size of response frames")
    private long frameBytes;

    @Option(names = "--frame-ms", defaultValue = "50", description = "cadence of response frames")
    private long frameMs;

    @Override
    void write() throws CliFailure {
      Envelope packageEnvelope = LocalFiles.readEnvelope(modelPackage);
      ModelPackage model = payload(Statements.PACKAGE, packageEnvelope, modelPackage);
      Borrower b = payload(Statements.BORROWER, LocalFiles.readEnvelope(borrower), borrower);
      Measurements m =
          payload(Statements.MEASUREMENTS, LocalFiles.readEnvelope(measurements), measurements);
      save(Statements.LEASE, lease(model, packageEnvelope.hash(), b, m));
    }

    private Lease lease(ModelPackage model, Hash packageHash, Borrower b, Measurements m)
        throws CliFailure {
      Vec budget = budget(model);
      Vec tranche = tranche(model).min(budget);
      long now = now();
      return new Lease(
          randomId(),
          1,
          Optional.empty(),
          b.borrowerId(),
          packageHash,
          m.setId(),
          purpose,
          budget,
          tranche,
          tranche.times(instances()).min(budget),
          or(ttlMs, profile.ttlMs()),
          or(graceMs, or(ttlMs, profile.ttlMs())),
          Duration.ofMinutes(10).toMillis(),
          or(heartbeatMs, profile.heartbeatMs()),
          or(maxActive, profile.active()),
          12,
          Tier.B,
          Lease.ClockClass.NONE,
          0,
          telemetry(tranche),
          new Lease.Stream(frameBytes, frameMs),
          new Lease.Consumers(Lease.ConsumerMode.OPEN, List.of()),
          new Lease.Witness(0, false),
          now,
          now + Duration.ofDays(days).toMillis(),
          now,
          List.of());
    }

    /** Input is bounded by the context, and megaflops by the price of all of it. */
    private Vec budget(ModelPackage model) throws CliFailure {
      if (tokens == null && requests == null) {
        throw new CliFailure("--tokens", "a budget: --tokens or --requests", "neither", "give one");
      }
      long out = tokens == null ? 0 : tokens;
      long rq = requests == null ? out : requests;
      return amount(model, rq, out);
    }

    private Vec tranche(ModelPackage model) {
      long size = or(trancheSize, profile.tranche());
      return amount(model, size, tokens == null ? 0 : size);
    }

    private long instances() {
      return profile.instances() - profile.active() + or(maxActive, profile.active());
    }

    private static long or(@Nullable Long given, long otherwise) {
      return given == null ? otherwise : given;
    }

    private static Vec amount(ModelPackage model, long rq, long out) {
      long in = out == 0 ? 0 : Math.multiplyExact(8, out);
      ModelPackage.Flops f = model.flops();
      long context =
          Math.ceilDiv(Math.multiplyExact(f.perTokenPerKiContext(), model.maxContext()), 1024);
      long mf =
          Math.addExact(
              Math.multiplyExact(rq, f.perRequest() + f.perBatchItem()),
              Math.addExact(
                  Math.multiplyExact(in, f.perInputToken() + context),
                  Math.multiplyExact(out, f.perOutputToken() + context)));
      return new Vec(rq, in, out, mf);
    }

    private Lease.Telemetry telemetry(Vec tranche) {
      Lease.Telemetry t = profile.telemetry();
      long most = Math.max(1, tranche.outputTokens() / 8);
      return new Lease.Telemetry(
          Math.min(or(quantum, t.quantum()), most), t.minRequests(), t.topUpPercent());
    }

    private static <T extends Record> T payload(Kind<T> kind, Envelope e, Path file)
        throws CliFailure {
      try {
        return kind.decode(e.payload().toArray());
      } catch (Malformed bad) {
        throw CliFailure.of(file + " is not a " + kind.name(), bad, "name the right file");
      }
    }
  }
}
