package dev.leasehold.cli;

import dev.leasehold.consumer.ask.Receipts;
import dev.leasehold.consumer.trust.TrustFile;
import dev.leasehold.core.audit.Auditor;
import dev.leasehold.core.audit.BundleReader;
import dev.leasehold.core.audit.Report;
import dev.leasehold.core.audit.Scope;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Envelope;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code leasehold audit}: the story of leases, re-derived from what was signed. */
@Command(
    name = "audit",
    description = {
      "Tells from signatures alone who used what of a lease, and who can prove it.",
      "Exit code 0: consistent; 1: findings; 2: the input cannot be used."
    },
    exitCodeOnExecutionException = 2)
final class AuditCommand implements Callable<Integer> {
  private static final int CONSISTENT = 0;
  private static final int FINDINGS = 1;

  @ArgGroup(multiplicity = "1")
  private Source source = new Source();

  /** What is audited. */
  static final class Source {
    @Option(
        names = "--offline",
        paramLabel = "BUNDLE",
        description = "an evidence bundle, written by 'leasehold relay export'")
    private @Nullable Path bundle;

    @Option(
        names = "--follow",
        paramLabel = "URL",
        description = "a custodian's transparency log, such as https://custodian.example:8443/log")
    private @Nullable URI log;
  }

  @Option(
      names = "--receipts",
      paramLabel = "DIR",
      description = "a consumer's folder of receipts, to hold against what the enclaves reported")
  private @Nullable Path receipts;

  @Mixin private FollowOptions follow;

  @ArgGroup(multiplicity = "0..1")
  private AuditTrust trust = new AuditTrust();

  @Option(names = "--json", description = "print one JSON object instead of text")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws CliFailure {
    Optional<Hash> pinned = trust.approverSet();
    PrintWriter out = spec.commandLine().getOut();
    if (source.log != null && !follow.once()) {
      return follow.untilStopped(source.log, pinned, out) ? CONSISTENT : FINDINGS;
    }
    Report report =
        source.bundle == null
            ? follow.look(Objects.requireNonNull(source.log), pinned, out)
            : audit(source.bundle, pinned);
    out.print(json ? AuditJson.write(report, pinned) : AuditText.write(report, pinned));
    out.flush();
    return report.isConsistent() ? CONSISTENT : FINDINGS;
  }

  private Report audit(Path bundle, Optional<Hash> pinned) throws CliFailure {
    try (InputStream in = Files.newInputStream(bundle)) {
      BundleReader reader = BundleReader.open(in);
      Auditor auditor = new Auditor(Scope.RELAY, pinned);
      auditor.takeAll(reader);
      for (Envelope receipt : receipts()) {
        auditor.take(receipt, reader.header().exportedAt());
      }
      return auditor.report(reader.header().exportedAt());
    } catch (NoSuchFileException e) {
      throw new CliFailure("No file " + e.getFile(), "an existing file", "none", "check the path");
    } catch (IOException e) {
      throw new CliFailure("Cannot read " + bundle + ": " + e.getMessage());
    } catch (Malformed m) {
      throw CliFailure.of(
          bundle + " is not an evidence bundle",
          m,
          "export it again with 'leasehold relay export'");
    }
  }

  /** Receipts in any order: none refers to another but by its prev. */
  private List<Envelope> receipts() throws IOException, CliFailure {
    if (receipts == null) {
      return List.of();
    }
    List<Envelope> out = new ArrayList<>();
    for (Path f : Receipts.in(receipts)) {
      out.add(LocalFiles.readEnvelope(f));
    }
    return out;
  }

  /** Whose signatures count. */
  static final class AuditTrust {
    @Option(
        names = "--trust",
        paramLabel = "FILE",
        description = "a trust file, made by 'leasehold proxy trust'")
    private @Nullable Path file;

    @Option(
        names = "--approver-set",
        paramLabel = "HASH",
        description = {
          "the approvers' set; without it or --trust the first roster in the input is believed,",
          "and its approver set printed for comparison"
        })
    private @Nullable Hash set;

    Optional<Hash> approverSet() throws CliFailure {
      if (file == null) {
        return Optional.ofNullable(set);
      }
      try {
        return Optional.of(TrustFile.read(file).approverSet());
      } catch (Malformed m) {
        throw CliFailure.of(file + " is not a trust file", m, "make it with 'proxy trust'");
      } catch (IOException e) {
        throw new CliFailure("Cannot read " + file + ": " + e.getMessage());
      }
    }
  }
}
