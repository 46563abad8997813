package dev.leasehold.cli;

import dev.leasehold.core.bytes.Bytes;
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
 * @param hash {@code H} of the set (protocol §4.2), the same drafted or signed
 * @param signers empty for a draft
 */
record PolicyFile(Measurements set, Hash hash, List<Hash> signers) {
  PolicyFile {
    signers = List.copyOf(signers);
  }

  /** One that nobody has signed. */
  static PolicyFile draft(Measurements set) {
    byte[] payload = Statements.MEASUREMENTS.encode(set);
    return new PolicyFile(set, envelope(payload).hash(), List.of());
  }

  static PolicyFile read(Path file) throws CliFailure {
    Json.Obj json = LocalFiles.readJson(file);
    try {
      if (json.get("payloadType").isEmpty()) {
        return draft(decode(json.write().getBytes(StandardCharsets.UTF_8)));
      }
      Envelope envelope = Envelope.parse("envelope", LocalFiles.read(file));
      String expected = Statements.MEASUREMENTS.payloadType();
      if (!envelope.payloadType().equals(expected)) {
        throw new Malformed("envelope.payloadType", expected, envelope.payloadType());
      }
      return new PolicyFile(
          decode(envelope.payload().toArray()),
          envelope.hash(),
          envelope.signatures().stream().map(SignatureEntry::key).distinct().toList());
    } catch (Malformed m) {
      throw CliFailure.of(
          file + " is no appraisal policy",
          m,
          "correct that field; 'leasehold policy from-evidence' writes a whole policy");
    }
  }

  private static Envelope envelope(byte[] payload) {
    return new Envelope(Statements.MEASUREMENTS.payloadType(), Bytes.of(payload), List.of());
  }

  private static Measurements decode(byte[] payload) throws Malformed {
    return Statements.MEASUREMENTS.decode(payload);
  }
}
