package dev.leasehold.cli;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Kind;
import dev.leasehold.core.dsse.SignatureEntry;
import dev.leasehold.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code leasehold approve}: a person reads a draft and signs exactly its bytes (protocol §13). */
@Command(
    name = "approve",
    description = {
      "Shows a draft, checks it and signs it.",
      "A file that is signed already gets one signature more."
    })
final class ApproveCommand implements Callable<Integer> {
  @Parameters(paramLabel = "KIND", description = "${COMPLETION-CANDIDATES}")
  private StandingKind kind;

  @Parameters(paramLabel = "DRAFT", description = "a draft, or a statement signed by others")
  private Path draft;

  @Option(names = "--key", required = true, description = "private key of an approver")
  private Path key;

  @Option(names = "--out", required = true, description = "where the signed statement goes")
  private Path out;

  @Override
  public Integer call() throws CliFailure {
    Ed25519Signer signer = LocalFiles.readPrivateKey(key);
    Json.Obj json = LocalFiles.readJson(draft);
    Envelope envelope =
        json.get("payloadType").isPresent()
            ? countersign(LocalFiles.readEnvelope(draft), signer)
            : sign(kind.kind(), json, signer);
    Console console = Console.standard();
    console.piece(PrettyJson.write(LocalFiles.parse(kind.name(), envelope.payload().toArray())));
    LocalFiles.write(out, envelope.write());
    console.fact("signed by", signer.key().keyid());
    console.fact("H(" + kind + ")", envelope.hash());
    console.fact("written to", out);
    return 0;
  }

  private <T extends Record> Envelope sign(Kind<T> k, Json.Obj json, Ed25519Signer signer)
      throws CliFailure {
    return Dsse.sign(k, decode(k, json.write().getBytes(StandardCharsets.UTF_8)), signer)
        .envelope();
  }

  private Envelope countersign(Envelope signed, Ed25519Signer signer) throws CliFailure {
    if (!signed.payloadType().equals(kind.kind().payloadType())) {
      throw new CliFailure(
          draft + " is another kind of statement",
          kind.kind().payloadType(),
          signed.payloadType(),
          "name the kind of the file");
    }
    decode(kind.kind(), signed.payload().toArray());
    List<SignatureEntry> all = new ArrayList<>(signed.signatures());
    all.addAll(Dsse.countersign(signed, signer));
    return new Envelope(signed.payloadType(), signed.payload(), all);
  }

  private <T extends Record> T decode(Kind<T> k, byte[] payload) throws CliFailure {
    try {
      return k.decode(payload);
    } catch (Malformed m) {
      throw CliFailure.of("The draft " + draft + " is not valid", m, "correct that field");
    }
  }
}
