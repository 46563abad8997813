package dev.leasehold.cli;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Evidence;
import dev.leasehold.core.evidence.EvidenceFile;
import dev.leasehold.core.evidence.EvidenceKind;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.Option;

/** A piece of evidence and what its host sent along. */
final class EvidenceInput {
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
      names = "--certs",
      paramLabel = "FILE",
      description = "certificates that the attester's host sent along; repeatable")
  private List<Path> certs = List.of();

  EvidenceKind kind() {
    return kind;
  }

  /**
   * Reads all files.
   *
   * @throws Malformed when the evidence itself is no such evidence; what else cannot be used is a
   *     failure that says which file and field
   */
  Evidence read() throws CliFailure, Malformed {
    byte[] bytes = LocalFiles.read(evidence);
    List<X509Certificate> sent = new ArrayList<>();
    for (Path file : certs) {
      sent.addAll(
          LocalFiles.parsed(file, "name files of certificates alone", EvidenceFile::certificates));
    }
    return EvidenceFile.read(kind, bytes, sent);
  }

  /** The words of the kinds, for help and completion. */
  static final class Kinds implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(EvidenceKind.values()).map(EvidenceKind::word).iterator();
    }
  }
}
