package dev.leasehold.cli;

import dev.leasehold.core.appraise.Assessment;
import dev.leasehold.core.appraise.Expectations;
import dev.leasehold.core.appraise.FirstPolicy;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.evidence.EnvironmentClaims;
import dev.leasehold.core.evidence.Refusal;
import dev.leasehold.core.evidence.VerifiedClaims;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.Measurements;
import dev.leasehold.core.lease.Statements;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code leasehold policy}: what is accepted, read and written by people. */
@Command(
    name = "policy",
    description = "Explains appraisal policies, and writes a first one.",
    subcommands = {PolicyCommand.Explain.class, PolicyCommand.FromEvidence.class})
final class PolicyCommand {
  private static final int REFUSED = 1;
  private static final int UNUSABLE = 2;

  @Command(
      name = "explain",
      description = "Says in words what a policy file accepts.",
      exitCodeOnExecutionException = UNUSABLE)
  static final class Explain implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "a policy, drafted or signed")
    private Path file;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws CliFailure {
      print(spec.commandLine().getOut(), PolicyWords.of(PolicyFile.read(file)));
      return 0;
    }
  }

  @Command(
      name = "from-evidence",
      description = {
        "Writes the policy that a genuine piece of evidence is the model of: exactly its program,",
        "on machines no worse than its own. Read it, edit it, then 'leasehold approve measurements'.",
        "Exit code 0: written; 1: the evidence is refused; 2: the input cannot be used."
      },
      exitCodeOnExecutionException = UNUSABLE)
  static final class FromEvidence implements Callable<Integer> {
    /** No evidence shows a revocation list's age; the policy demands one of whoever verifies. */
    private static final String CRL = "crl";

    /** The SHA-256 of no file: nothing is accepted for a lease until a person names one. */
    private static final Hash NO_CONFIG = new Hash("0".repeat(64));

    @Mixin private EvidenceOptions evidence;

    @Option(
        names = "--enclave-config",
        paramLabel = "FILE",
        description =
            "the enclave-config.json inside the image; a lease needs it, 'verify' does not")
    private @Nullable Path config;

    @Option(
        names = "--program",
        paramLabel = "NAME",
        defaultValue = "measured-program",
        description = "a name for what was measured (default: ${DEFAULT-VALUE})")
    private String program;

    @Option(
        names = "--out",
        required = true,
        paramLabel = "FILE",
        description = "where the policy goes")
    private Path out;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws CliFailure {
      Hash configuration = config == null ? NO_CONFIG : Digests.sha256(LocalFiles.read(config));
      EvidenceOptions.Verified verified = evidence.verify();
      Assessment strict = Assessment.of(verified.verdict(), Expectations.STRICT, verified.at());
      if (strict.claims().isEmpty()) {
        return refuse(VerdictText.write(verified.kind(), strict, verified.at()));
      }
      Measurements set = policy(strict.claims().get(), configuration, verified);
      Assessment own = Assessment.of(verified.verdict(), Expectations.of(set), verified.at());
      List<Refusal> never = own.refusals().stream().filter(r -> !r.claim().equals(CRL)).toList();
      if (!never.isEmpty()) {
        return refuse(
            "REFUSED: genuine, but no policy accepts it\n"
                + never.stream().map(r -> "  " + r + "\n").collect(Collectors.joining()));
      }
      LocalFiles.write(out, PrettyJson.write(encoded(set)));
      print(spec.commandLine().getOut(), report(set, strict.refusals()));
      return 0;
    }

    private Measurements policy(
        VerifiedClaims claims, Hash configuration, EvidenceOptions.Verified verified)
        throws CliFailure {
      if (!(claims instanceof EnvironmentClaims environment)) {
        throw new CliFailure(
            "No policy can be made of --kind " + verified.kind().word(),
            "evidence of an environment that runs programs",
            verified.kind().word() + " evidence, which speaks of no program",
            "name evidence of the confidential VM or enclave");
      }
      try {
        return FirstPolicy.of(
            environment, DraftCommand.Draft.randomId(), program, configuration, verified.at());
      } catch (IllegalArgumentException e) {
        throw new CliFailure("Cannot write a policy: " + e.getMessage());
      }
    }

    private static Json.Obj encoded(Measurements set) throws CliFailure {
      return LocalFiles.parse("measurements", Statements.MEASUREMENTS.encode(set));
    }

    private String report(Measurements set, List<Refusal> strict) {
      StringBuilder text = new StringBuilder("Written to " + out + "\n\n");
      text.append(PolicyWords.of(PolicyFile.draft(set)));
      if (!strict.isEmpty()) {
        text.append("\nBeware: the built-in strict policy refuses this very evidence:\n");
        strict.forEach(r -> text.append("  ").append(r).append('\n'));
      }
      return text.toString();
    }

    private int refuse(String why) {
      print(spec.commandLine().getErr(), why);
      return REFUSED;
    }
  }

  private static void print(PrintWriter out, String text) {
    out.print(Printable.safe(text));
    out.flush();
  }
}
