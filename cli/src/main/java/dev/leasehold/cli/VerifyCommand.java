package dev.leasehold.cli;

import dev.leasehold.core.appraise.Assessment;
import dev.leasehold.core.appraise.Expectations;
import dev.leasehold.core.appraise.Freshness;
import dev.leasehold.core.appraise.ear.Ear;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.evidence.ReportData;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code leasehold verify}: judges one piece of evidence, without a network and outside any lease.
 * Standard output carries one whole verdict or nothing.
 */
@Command(
    name = "verify",
    description = {
      "Says whether hardware evidence is genuine, and whether it is acceptable.",
      "Exit code 0: accepted; 1: refused; 2: the input cannot be used."
    },
    exitCodeOnExecutionException = 2)
final class VerifyCommand implements Callable<Integer> {
  private static final int ACCEPTED = 0;
  private static final int REFUSED = 1;

  @Mixin private EvidenceOptions evidence;

  @Option(
      names = "--nonce",
      paramLabel = "HEX",
      description = "the nonce that the evidence must repeat")
  private @Nullable HexBytes nonce;

  @Option(
      names = "--report-data",
      paramLabel = "HEX",
      description = "the 64 bytes that the program must have put into its report")
  private @Nullable ReportData reportData;

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description = {
        "the policy to hold it to, drafted or signed (default: a built-in strict one, which",
        "looks at the machine and not at the program); see 'leasehold policy'"
      })
  private @Nullable Path policy;

  /** One form of output at a time: standard output is one verdict. */
  static final class Form {
    @Option(names = "--json", description = "print one JSON object instead of a table")
    private boolean json;

    @Option(
        names = "--ear",
        paramLabel = "KEYFILE",
        description = {
          "print an EAT Attestation Result instead: a JWT signed with this private key",
          "(see 'leasehold key new')"
        })
    private @Nullable Path ear;
  }

  @ArgGroup(multiplicity = "0..1")
  private Form form = new Form();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws CliFailure {
    Optional<PolicyFile> owner =
        policy == null ? Optional.empty() : Optional.of(PolicyFile.read(policy));
    Optional<Ed25519Signer> key =
        form.ear == null ? Optional.empty() : Optional.of(LocalFiles.readPrivateKey(form.ear));
    Expectations expected = expectations(owner);
    EvidenceOptions.Verified verified = evidence.verify();
    Assessment assessment = Assessment.of(verified.verdict(), expected, verified.at());
    String text =
        key.map(k -> ear(verified, assessment, owner).sign(k) + "\n")
            .orElseGet(() ->
                form.json
                    ? VerdictJson.write(verified.kind(), assessment)
                    : VerdictText.write(verified.kind(), assessment, verified.at()));
    spec.commandLine().getOut().print(text);
    spec.commandLine().getOut().flush();
    return assessment.accepted() ? ACCEPTED : REFUSED;
  }

  private static Ear ear(
      EvidenceOptions.Verified verified, Assessment assessment, Optional<PolicyFile> owner) {
    return Ear.of(
        verified.kind(),
        assessment,
        owner.map(p -> Ear.policy(p.hash())).orElse(Ear.STRICT_POLICY),
        new Leasehold.Version().getVersion()[0],
        verified.at());
  }

  private Expectations expectations(Optional<PolicyFile> owner) throws CliFailure {
    Set<Freshness> has = Freshness.of(evidence.kind());
    Expectations expected = owner.map(p -> Expectations.of(p.set())).orElse(Expectations.STRICT);
    if (nonce != null) {
      require(has.contains(Freshness.NONCE), "--nonce", "--report-data");
      expected = expected.withNonce(nonce);
    }
    if (reportData != null) {
      require(has.contains(Freshness.REPORT_DATA), "--report-data", "--nonce");
      expected = expected.withReportData(reportData);
    }
    return expected;
  }

  /** An expectation that nothing could meet is a mistake of the caller, not of the attester. */
  private void require(boolean met, String given, String instead) throws CliFailure {
    if (!met) {
      throw new CliFailure(
          given + " does not go with --kind " + evidence.kind().word(),
          "evidence that has such a field",
          evidence.kind().word() + " evidence, which has none",
          "use " + instead);
    }
  }
}
