package dev.leasehold.cli;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.CollateralFile;
import dev.leasehold.core.evidence.Evidence;
import dev.leasehold.core.evidence.EvidenceFile;
import dev.leasehold.core.evidence.EvidenceKind;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.Verifier;
import dev.leasehold.core.pki.PinnedAnchors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * A piece of evidence, what came with it, and when it is judged. It is verified under the vendors'
 * pinned roots; no option names others.
 */
final class EvidenceOptions {
  @Option(
      names = "--kind",
      required = true,
      paramLabel = "KIND",
      completionCandidates = Kinds.class,
      description = "the technology: ${COMPLETION-CANDIDATES}")
  private EvidenceKind kind;

  @Option(
      names = "--evidence",
      required = true,
      paramLabel = "FILE",
      description = "the evidence, exactly as the hardware or its driver gave it")
  private Path evidence;

  @Option(
      names = "--collateral",
      paramLabel = "FILE_OR_DIR",
      description = {
        "what you hold of the vendor: certificates, revocation lists and other signed statements;",
        "of a folder every regular file is read; repeatable"
      })
  private List<Path> collateral = List.of();

  @Option(
      names = "--certs",
      paramLabel = "FILE",
      description = "certificates that the attester's host sent along; repeatable")
  private List<Path> certs = List.of();

  @Option(
      names = "--at",
      paramLabel = "INSTANT",
      description = "judge as of this instant, such as 2026-03-01T12:00:00Z (default: now)")
  private @Nullable Instant at;

  /** Evidence that was read and verified, and as of when. */
  record Verified(EvidenceKind kind, Verdict verdict, Instant at) {}

  EvidenceKind kind() {
    return kind;
  }

  /**
   * Reads all files, then verifies. What the caller names and cannot be read is a failure that says
   * which file and field; evidence that is malformed is refused, for it is what is judged here.
   */
  Verified verify() throws CliFailure {
    Instant now = at == null ? Instant.now() : at;
    byte[] bytes = LocalFiles.read(evidence);
    return new Verified(kind, verdict(bytes, readCertificates(), readCollateral(), now), now);
  }

  private Verdict verdict(
      byte[] bytes, List<X509Certificate> sent, Collateral collateral, Instant now) {
    Evidence read;
    try {
      read = EvidenceFile.read(kind, bytes, sent);
    } catch (Malformed e) {
      return Verdict.Refused.malformed(kind, e);
    }
    return Verifier.verify(read, collateral, PinnedAnchors.ANCHORS, now);
  }

  private List<X509Certificate> readCertificates() throws CliFailure {
    List<X509Certificate> sent = new ArrayList<>();
    for (Path file : certs) {
      sent.addAll(parsed(file, "name files of certificates alone", EvidenceFile::certificates));
    }
    return sent;
  }

  private Collateral readCollateral() throws CliFailure {
    Collateral all = Collateral.NONE;
    for (Path named : collateral) {
      for (Path file : filesOf(named)) {
        all =
            all.and(
                parsed(
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

  /** Bytes of a file made into something well-formed. */
  private interface Reader<T> {
    T read(String name, byte[] bytes) throws Malformed;
  }

  private static <T> T parsed(Path file, String remedy, Reader<T> reader) throws CliFailure {
    try {
      return reader.read(file.getFileName().toString(), LocalFiles.read(file));
    } catch (Malformed m) {
      throw CliFailure.of("Cannot use " + file, m, remedy);
    }
  }

  /** The words of the kinds, for help and completion. */
  static final class Kinds implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(EvidenceKind.values()).map(EvidenceKind::word).iterator();
    }
  }
}
