package dev.leasehold.cli;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.CollateralFile;
import dev.leasehold.core.evidence.EvidenceKind;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.Verifier;
import dev.leasehold.core.pki.PinnedAnchors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * A piece of evidence, what came with it, and when it is judged. It is verified under the vendors'
 * pinned roots; no option names others.
 */
final class EvidenceOptions {
  @Mixin private EvidenceInput input;

  @Option(
      names = "--collateral",
      paramLabel = "FILE_OR_DIR",
      description = {
        "what you hold of the vendor: certificates, revocation lists and other signed statements;",
        "of a folder every regular file is read; repeatable"
      })
  private List<Path> collateral = List.of();

  @Option(
      names = "--at",
      paramLabel = "INSTANT",
      description = "judge as of this instant, such as 2026-03-01T12:00:00Z (default: now)")
  private @Nullable Instant at;

  /** Evidence that was read and verified, and as of when. */
  record Verified(EvidenceKind kind, Verdict verdict, Instant at) {}

  EvidenceKind kind() {
    return input.kind();
  }

  /**
   * Reads all files, then verifies. Evidence that is malformed is refused, for it is what is judged
   * here.
   */
  Verified verify() throws CliFailure {
    Instant now = at == null ? Instant.now() : at;
    Collateral held = readCollateral();
    return new Verified(kind(), verdict(held, now), now);
  }

  private Verdict verdict(Collateral held, Instant now) throws CliFailure {
    try {
      return Verifier.verify(input.read(), held, PinnedAnchors.ANCHORS, now);
    } catch (Malformed e) {
      return Verdict.Refused.malformed(kind(), e);
    }
  }

  private Collateral readCollateral() throws CliFailure {
    Collateral all = Collateral.NONE;
    for (Path named : collateral) {
      for (Path file : filesOf(named)) {
        all =
            all.and(
                LocalFiles.parsed(
                    file, "leave it out, or fetch it again from its vendor", CollateralFile::read));
      }
    }
    return all;
  }

  private static List<Path> filesOf(Path named) throws CliFailure {
    if (!Files.isDirectory(named)) {
      return List.of(named);
    }
    try (Stream<Path> all = Files.list(named)) {
      List<Path> files = all.filter(Files::isRegularFile).sorted().toList();
      if (files.isEmpty()) {
        throw new CliFailure(
            "No collateral in " + named,
            "a folder of files",
            "an empty one",
            "name another, or leave the option out");
      }
      return files;
    } catch (IOException e) {
      throw new CliFailure("Cannot read " + named + ": " + e.getMessage());
    }
  }
}
