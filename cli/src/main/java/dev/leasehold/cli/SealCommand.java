package dev.leasehold.cli;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.hpke.DekTransport;
import dev.leasehold.core.hpke.HpkePublicKey;
import dev.leasehold.core.hpke.Sealed;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.ModelPackage.Flops;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.seal.DekMessage;
import dev.leasehold.core.seal.PackageRefused;
import dev.leasehold.core.seal.PackageSealer;
import dev.leasehold.core.seal.PackageValues;
import dev.leasehold.core.seal.PendingDek;
import dev.leasehold.core.seal.SealedFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code leasehold seal}: encrypts a model, signs what it is, and hands its key to the custodian.
 */
@Command(
    name = "seal",
    description = {
      "Seals a GGUF or ONNX model into a package folder, registers it and imports its key.",
      "The package may be copied anywhere: without the key, which only the custodian then holds,",
      "it is noise."
    })
final class SealCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "a .gguf or .onnx file")
  private Path model;

  @Option(names = "--out", required = true, description = "the package folder to make")
  private Path out;

  @Option(names = "--key", required = true, description = "private key of an approver")
  private Path key;

  @Option(
      names = "--custodian-info",
      required = true,
      description = "custodian-public.json, which holds the key that packages are sealed for")
  private Path info;

  @Option(names = "--name", description = "how consumers name the model (default: the file's name)")
  private @Nullable String name;

  @Option(names = "--model-version", defaultValue = "1", description = "default: ${DEFAULT-VALUE}")
  private String version;

  @Option(
      names = "--megaflops-per-request",
      defaultValue = "0",
      description = "price of one ONNX run; read from the file for GGUF")
  private long perRequest;

  @Mixin private CustodianOptions custodian;

  @Override
  public Integer call() throws CliFailure {
    Ed25519Signer signer = LocalFiles.readPrivateKey(key);
    HpkePublicKey importKey = importKey();
    Shape shape = shape();
    CustodianClient client = custodian.connect();
    Path pendingFile = Path.of(out + ".dek");
    Console console = Console.standard();
    try {
      PackageValues values = seal(pendingFile);
      Signed<ModelPackage> statement =
          Dsse.sign(Statements.PACKAGE, statement(values, shape), signer);
      SealedFolder.writeStatement(
          out, statement.envelope().write().getBytes(StandardCharsets.UTF_8));
      describe(console, statement);
      hand(client, statement.envelope(), statement.hash(), importKey, pendingFile, values);
      console.fact("key", "imported by the custodian; the pending copy is overwritten and gone");
      return 0;
    } catch (PackageRefused | Malformed e) {
      throw new CliFailure("Cannot seal " + model + ": " + e.getMessage());
    } catch (IOException e) {
      throw new CliFailure(
          "Cannot seal "
              + model
              + " into "
              + out
              + ": "
              + e.getClass().getSimpleName()
              + ": "
              + e.getMessage());
    }
  }

  private HpkePublicKey importKey() throws CliFailure {
    try {
      return HpkePublicKey.parse("importKey", LocalFiles.readCustodian(info).importKey());
    } catch (Malformed m) {
      throw CliFailure.of(
          "Cannot use " + info, m, "use custodian-public.json of the custodian's folder");
    }
  }

  private PackageValues seal(Path pendingFile) throws IOException, PackageRefused, Malformed {
    try (SealProgress progress = new SealProgress()) {
      return new PackageSealer(new SecureRandom(), progress).seal(model, out, pendingFile);
    }
  }

  private void describe(Console console, Signed<ModelPackage> statement) {
    ModelPackage p = statement.body();
    console.fact("model", p.name() + " " + p.version() + ", " + p.plainBytes() + " bytes");
    console.fact("model digest", p.modelDigest());
    console.fact("ciphertext", p.chunkCount() + " chunks, root " + p.ciphertextRoot());
    console.fact("H(package)", statement.hash());
  }

  /** Registers the package and only then hands over its key, which is overwritten here after. */
  private static void hand(
      CustodianClient client,
      Envelope statement,
      Hash hash,
      HpkePublicKey importKey,
      Path pendingFile,
      PackageValues values)
      throws CliFailure, IOException, Malformed {
    client.register(StandingKind.modelpackage, statement);
    PendingDek pending = PendingDek.read(pendingFile);
    try (DekMessage dek = new DekMessage(pending.dekId(), pending.dek())) {
      Sealed sealed = DekTransport.sealForImport(importKey, hash, dek);
      byte[] body = new byte[sealed.enc().length() + sealed.ct().length()];
      System.arraycopy(sealed.enc().toArray(), 0, body, 0, sealed.enc().length());
      System.arraycopy(sealed.ct().toArray(), 0, body, sealed.enc().length(), sealed.ct().length());
      client.post("/v1/packages/" + values.packageId() + "/dek", "application/octet-stream", body);
      pending.discard();
    }
  }

  private ModelPackage statement(PackageValues v, Shape shape) {
    return new ModelPackage(
        v.packageId(),
        name == null ? shape.name : name,
        version,
        shape.format,
        v.dekId(),
        ModelPackage.CHUNK_BYTES,
        v.chunkCount(),
        v.plainBytes(),
        v.ciphertextRoot(),
        v.modelDigest(),
        v.dekCommit(),
        shape.maxContext,
        shape.flops,
        List.of(),
        System.currentTimeMillis(),
        List.of());
  }

  private record Shape(ModelPackage.Format format, String name, long maxContext, Flops flops) {}

  private Shape shape() throws CliFailure {
    Path fileName = model.getFileName();
    String file = fileName == null ? "" : fileName.toString();
    String lower = file.toLowerCase(Locale.ROOT);
    if (!Files.isRegularFile(model)) {
      throw new CliFailure(
          "No model file " + model, "a .gguf or .onnx file", "none", "check the path");
    }
    try {
      if (lower.endsWith(".gguf")) {
        GgufHeader h = GgufHeader.read(model);
        Flops flops =
            new Flops(
                0, 0, h.megaflopsPerToken(), h.megaflopsPerToken(), h.megaflopsPerKiContext());
        return new Shape(
            ModelPackage.Format.GGUF,
            file.substring(0, file.length() - 5),
            h.contextLength(),
            flops);
      }
    } catch (Malformed m) {
      throw CliFailure.of(model + " is not a GGUF model", m, "name a complete GGUF file");
    } catch (IOException e) {
      throw new CliFailure("Cannot read " + model + ": " + e.getMessage());
    }
    if (lower.endsWith(".onnx")) {
      return new Shape(
          ModelPackage.Format.ONNX,
          file.substring(0, file.length() - 5),
          0,
          new Flops(perRequest, 0, 0, 0, 0));
    }
    throw new CliFailure(
        model + " is not a model this program can lease",
        "a file ending in .gguf or .onnx",
        file,
        "convert it, or rename it if it is one");
  }
}
