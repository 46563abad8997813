package dev.leasehold.enclave.life;

import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.guard.Guard;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.hpke.DekTransport;
import dev.leasehold.core.hpke.HpkeKeyPair;
import dev.leasehold.core.hpke.Sealed;
import dev.leasehold.core.lease.KeyRelease;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.seal.ChunkSource;
import dev.leasehold.core.seal.DekMessage;
import dev.leasehold.core.seal.OpenFailed;
import dev.leasehold.core.seal.PackageOpener;
import dev.leasehold.core.seal.PackageRefused;
import dev.leasehold.core.seal.PackageValues;
import dev.leasehold.core.seal.Progress;
import dev.leasehold.enclave.api.Model;
import dev.leasehold.enclave.meter.LeaseLoop;
import dev.leasehold.enclave.model.LeaseLimits;
import dev.leasehold.enclave.model.LlmService;
import dev.leasehold.enclave.model.Metering;
import dev.leasehold.enclave.model.OnnxService;
import dev.leasehold.enclave.model.engine.ModelMemory;
import dev.leasehold.enclave.model.engine.Natives;
import dev.leasehold.enclave.model.engine.Tariff;
import dev.leasehold.enclave.model.llama.LlamaEngine;
import dev.leasehold.enclave.relay.RelayClient;
import dev.leasehold.enclave.terms.Challenged;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * LOAD: opens the key release, fetches and verifies the package and starts the engine (protocol
 * §5.1). Nothing is served before all of it is done; on any failure all plaintext is overwritten.
 */
final class ModelLoader {
  private static final Duration CHUNK_PATIENCE = Duration.ofSeconds(30);
  private static final int CHUNK_ATTEMPTS = 5;
  private static final int SEQUENCES = 8;
  private static final int PERCENT = 100;

  private final RelayClient relay;
  private final Guard guard;
  private final LongSupplier nanoTime;
  private final SecureRandom random;
  private final int threads;
  private final EventLog log;

  ModelLoader(
      RelayClient relay,
      Guard guard,
      LongSupplier nanoTime,
      SecureRandom random,
      int threads,
      EventLog log) {
    this.relay = relay;
    this.guard = guard;
    this.nanoTime = nanoTime;
    this.random = random;
    this.threads = threads;
    this.log = log;
  }

  /** The release or the package is not what the custodian's statements say, or the host failed. */
  static final class LoadFailed extends Exception {
    private static final long serialVersionUID = 1L;

    LoadFailed(String what, Exception cause) {
      super(what, cause);
    }
  }

  LoadedModel load(
      LeaseLoop loop, Challenged challenged, Signed<KeyRelease> release, HpkeKeyPair sk)
      throws LoadFailed {
    ModelPackage modelPackage = challenged.terms().modelPackage().body();
    OpenedFiles files = new OpenedFiles();
    try (DekMessage dek = dek(loop, challenged, release, sk)) {
      new PackageOpener(source(), files, progress(modelPackage))
          .open(PackageValues.of(modelPackage), dek.dek());
      return new LoadedModel(start(loop, modelPackage, files));
    } catch (PackageRefused | OpenFailed | IOException | RuntimeException e) {
      files.close();
      throw new LoadFailed("the model cannot be loaded", e);
    }
  }

  private static DekMessage dek(
      LeaseLoop loop, Challenged challenged, Signed<KeyRelease> release, HpkeKeyPair sk)
      throws OpenFailed, PackageRefused {
    KeyRelease r = release.body();
    DekTransport.Release binding =
        new DekTransport.Release(
            loop.me().evidence(),
            r.grant(),
            challenged.terms().lease().hash(),
            challenged.terms().modelPackage().hash());
    DekMessage dek = DekTransport.openRelease(sk, binding, new Sealed(r.enc(), r.ct()));
    if (!dek.dekId().equals(challenged.terms().modelPackage().body().dekId())) {
      dek.close();
      throw new OpenFailed();
    }
    return dek;
  }

  private ChunkSource source() {
    return (index, into) -> {
      for (int attempt = 1; ; attempt++) {
        if (guard.state().mode() == Mode.STOP) {
          throw new IOException("the lease was stopped while loading");
        }
        try {
          relay.chunk(index, into, CHUNK_PATIENCE);
          return;
        } catch (IOException e) {
          if (attempt == CHUNK_ATTEMPTS || Thread.currentThread().isInterrupted()) {
            throw e;
          }
        }
      }
    };
  }

  private Progress progress(ModelPackage modelPackage) {
    long total = modelPackage.plainBytes();
    return new Progress() {
      private long shown = -1;

      @Override
      public void at(Stage stage, long done, long ofTotal) {
        long percent = done * PERCENT / total;
        if (percent / 10 > shown / 10 || shown < 0) {
          shown = percent;
          log.note(Event.LOADING, percent);
        }
      }
    };
  }

  private Model start(LeaseLoop loop, ModelPackage modelPackage, OpenedFiles files)
      throws IOException {
    Metering metering =
        new Metering(guard, new Tariff(modelPackage.flops()), () -> limits(loop.lease()), nanoTime);
    return switch (modelPackage.format()) {
      case GGUF -> text(modelPackage, files, metering);
      case ONNX -> tensors(files, metering);
      case SAFETENSORS -> throw new IOException("safetensors: no engine in this program reads it");
    };
  }

  private Model text(ModelPackage modelPackage, OpenedFiles files, Metering metering)
      throws IOException {
    int context = (int) Math.min(modelPackage.maxContext(), Integer.MAX_VALUE);
    return new Model.Llm(
        LlmService.open(
            Natives.fromSystemProperty(),
            files.take(".gguf"),
            new LlamaEngine.Options(SEQUENCES, context, threads),
            metering,
            random::nextLong));
  }

  private Model tensors(OpenedFiles files, Metering metering) throws IOException {
    List<ModelMemory> models = files.take(".onnx");
    if (models.size() != 1) {
      models.forEach(ModelMemory::close);
      throw new IOException("expected one .onnx file, found " + models.size());
    }
    return new Model.Onnx(
        OnnxService.open(Natives.fromSystemProperty(), models.getFirst(), threads, metering));
  }

  private static LeaseLimits limits(Lease lease) {
    return new LeaseLimits(lease.budget(), Duration.ofMillis(lease.heartbeatMs()));
  }
}
