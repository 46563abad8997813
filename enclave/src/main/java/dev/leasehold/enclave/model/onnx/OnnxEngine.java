package dev.leasehold.enclave.model.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.RunOptions;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.leasehold.core.guard.Permit;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.enclave.model.engine.ModelMemory;
import dev.leasehold.enclave.model.engine.Natives;
import dev.leasehold.enclave.model.engine.Tariff;
import dev.leasehold.enclave.model.engine.TensorData;
import dev.leasehold.enclave.model.engine.TensorEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * ONNX Runtime with one model, on the processor.
 *
 * <p>It only ever sees the model's bytes in memory: no path, no custom operators, no profile, no
 * optimized copy, no telemetry. Its own copy of the weights cannot be overwritten through its API;
 * {@link #close} frees it, and what is freed stays inside the TEE until the process ends.
 */
public final class OnnxEngine implements TensorEngine {
  private static final String NATIVE_PATH = "onnxruntime.native.path";

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Tariff tariff;
  private final List<Slot> inputs;
  private final List<Slot> outputs;
  private final AtomicLong runs = new AtomicLong();

  /** Guarded by itself: options must not be closed while {@link #interrupt} uses them. */
  private final Set<RunOptions> running = new HashSet<>();

  private boolean interrupted;

  private OnnxEngine(OrtEnvironment environment, OrtSession session, Tariff tariff)
      throws OrtException {
    this.environment = environment;
    this.session = session;
    this.tariff = tariff;
    inputs = Slots.of(session.getInputInfo());
    outputs = Slots.of(session.getOutputInfo());
  }

  /** Loads a model of at most 2 GiB and wipes the memory it came in. */
  public static OnnxEngine open(Natives natives, ModelMemory model, Tariff tariff, int threads) {
    useLibrariesIn(natives);
    try (model;
        SessionOptions options = options(threads)) {
      OrtEnvironment environment =
          OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "leasehold");
      environment.setTelemetry(false);
      OrtSession session = environment.createSession(model.bytes().asByteBuffer(), options);
      return new OnnxEngine(environment, session, tariff);
    } catch (OrtException e) {
      throw new IllegalArgumentException("onnx: expected a model that ONNX Runtime loads", e);
    }
  }

  @Override
  public List<TensorData> run(Permit permit, List<TensorData> values) throws RunFailed {
    permit.consume();
    Vec need = tariff.admission(batch(values));
    if (!need.atMost(permit.covers())) {
      throw new IllegalStateException(
          "a permit for " + permit.covers() + " does not cover a run that costs " + need);
    }
    try (RunOptions options = new RunOptions()) {
      enter(options);
      try {
        return run(values, options);
      } finally {
        leave(options);
      }
    } catch (OrtException e) {
      throw new RunFailed("ONNX Runtime: " + e.getCode());
    }
  }

  @Override
  public long batch(List<TensorData> values) {
    return Slots.batch(inputs, values);
  }

  @Override
  public void interrupt(boolean on) {
    synchronized (running) {
      interrupted = on;
      if (on) {
        running.forEach(OnnxEngine::terminate);
      }
    }
  }

  @Override
  public List<Slot> inputs() {
    return inputs;
  }

  @Override
  public List<Slot> outputs() {
    return outputs;
  }

  @Override
  public long runs() {
    return runs.get();
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime cannot close its session", e);
    }
  }

  private List<TensorData> run(List<TensorData> values, RunOptions options) throws OrtException {
    Map<String, OnnxTensor> tensors = new HashMap<>();
    try {
      for (TensorData value : values) {
        tensors.put(value.name(), Slots.tensor(environment, value));
      }
      runs.incrementAndGet();
      try (OrtSession.Result result = session.run(tensors, options)) {
        List<TensorData> out = new ArrayList<>();
        for (Slot slot : outputs) {
          out.add(Slots.copy(slot, (OnnxTensor) result.get(slot.name()).orElseThrow()));
        }
        return out;
      }
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  private void enter(RunOptions options) {
    synchronized (running) {
      running.add(options);
      if (interrupted) {
        terminate(options);
      }
    }
  }

  private void leave(RunOptions options) {
    synchronized (running) {
      running.remove(options);
    }
  }

  private static void terminate(RunOptions options) {
    try {
      options.setTerminate(true);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime cannot interrupt a run", e);
    }
  }

  private static SessionOptions options(int threads) throws OrtException {
    SessionOptions options = new SessionOptions();
    options.setIntraOpNumThreads(threads);
    options.setInterOpNumThreads(1);
    options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
    options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
    // Idle threads sleep: a spinning one takes a core from everybody else on the machine.
    options.addConfigEntry("session.intra_op.allow_spinning", "0");
    // Weights that a model keeps outside its file would be read from the host's disk: this folder
    // of the kernel never holds any.
    options.addConfigEntry(
        "session.model_external_initializers_file_folder_path", "/proc/self/fdinfo");
    return options;
  }

  /** Otherwise ONNX Runtime unpacks its libraries to the temporary folder and loads them there. */
  private static void useLibrariesIn(Natives natives) {
    String set = System.getProperty(NATIVE_PATH);
    if (set == null) {
      System.setProperty(NATIVE_PATH, natives.folder().toString());
    } else if (!Path.of(set).toAbsolutePath().normalize().equals(natives.folder())) {
      throw new IllegalStateException(
          "-D" + NATIVE_PATH + ": expected " + natives.folder() + ", found " + set);
    }
  }
}
