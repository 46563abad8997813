package dev.leasehold.cli;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.SignatureEntry;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.Measurements;
import dev.leasehold.core.lease.Statements;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * An appraisal policy as people keep it: a measurement set (protocol §6.1), as drafted or as
 * signed. Whoever names the file vouches for it: signatures are shown, not checked.
 *
 * @param signers empty for a draft
 */
record PolicyFile(Measurements set, List<Hash> signers) {
  PolicyFile {
    signers = List.copyOf(signers);
  }

  static PolicyFile read(Path file) throws CliFailure {
    Json.Obj json = LocalFiles.readJson(file);
    try {
      if (json.get("payloadType").isEmpty()) {
        return new PolicyFile(decode(json.write().getBytes(StandardCharsets.UTF_8)), List.of());
      }
      Envelope envelope = Envelope.parse("envelope", LocalFiles.read(file));
      String expected = Statements.MEASUREMENTS.payloadType();
      if (!envelope.payloadType().equals(expected)) {
        throw new Malformed("envelope.payloadType", expected, envelope.payloadType());
      }
      return new PolicyFile(
          decode(envelope.payload().toArray()),
          envelope.signatures().stream().map(SignatureEntry::key).distinct().toList());
    } catch (Malformed m) {
      throw CliFailure.of(
          file + " is no appraisal policy",
          m,
          "correct that field; 'leasehold policy from-evidence' writes a whole policy");
    }
  }

  private static Measurements decode(byte[] payload) throws Malformed {
    return Statements.MEASUREMENTS.decode(payload);
  }
}
