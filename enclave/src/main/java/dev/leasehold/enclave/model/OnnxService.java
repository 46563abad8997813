package dev.leasehold.enclave.model;

import dev.leasehold.core.guard.Denied;
import dev.leasehold.core.guard.Permit;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.enclave.model.Rejected.Reason;
import dev.leasehold.enclave.model.engine.ModelMemory;
import dev.leasehold.enclave.model.engine.Natives;
import dev.leasehold.enclave.model.engine.TensorData;
import dev.leasehold.enclave.model.engine.TensorEngine;
import dev.leasehold.enclave.model.engine.TensorEngine.RunFailed;
import dev.leasehold.enclave.model.engine.TensorEngine.Slot;
import dev.leasehold.enclave.model.onnx.OnnxEngine;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * Runs one tensor model for many clients, each run in its caller's thread and paid for by one
 * permit: requests and megaflops, no tokens (protocol §9.2).
 */
public final class OnnxService implements AutoCloseable {
  /**
   * How a run ended.
   *
   * @param finish STOP when it is done, LEASE_STOPPED or ERROR otherwise
   * @param outputs empty unless it is done
   * @param charged what it was charged, done or not
   */
  public record Result(Finish finish, List<TensorData> outputs, Vec charged) {
    public Result {
      outputs = List.copyOf(outputs);
    }
  }

  private static final int MAX_RUNS = 64;

  private final TensorEngine engine;
  private final Metering metering;
  private final Thread watch;

  /** One for each run; stopping takes them all. */
  private final Semaphore runs = new Semaphore(MAX_RUNS);

  private volatile boolean closed;

  /** Serves with this engine, which it closes in the end. */
  public OnnxService(TensorEngine engine, Metering metering) {
    this.engine = engine;
    this.metering = metering;
    watch =
        Thread.ofVirtual().name("watch").start(() -> metering.watch(() -> engine.interrupt(true)));
  }

  /** Loads an ONNX model and wipes the memory it came in. */
  public static OnnxService open(
      Natives natives, ModelMemory model, int threads, Metering metering) {
    return new OnnxService(OnnxEngine.open(natives, model, metering.tariff(), threads), metering);
  }

  /**
   * Charges one run and does it.
   *
   * @throws Rejected when the tensors do not fit the model; nothing is charged
   * @throws Denied when the guard gives no permit; nothing is charged
   */
  public Result infer(List<TensorData> inputs) throws Denied, Rejected {
    if (closed) {
      throw new Rejected(Reason.CLOSED, "the model is being closed");
    }
    if (!runs.tryAcquire()) {
      throw new Rejected(Reason.BUSY, MAX_RUNS + " requests are being served already");
    }
    try {
      Vec need = price(inputs);
      try (Permit permit = metering.guard().acquire(need, metering.nanoTime().getAsLong())) {
        return run(permit, inputs, need);
      }
    } finally {
      runs.release();
    }
  }

  public List<Slot> inputs() {
    return engine.inputs();
  }

  public List<Slot> outputs() {
    return engine.outputs();
  }

  /** How many runs reached the kernel. */
  public long engineRuns() {
    return engine.runs();
  }

  /** Ends running inferences with {@link Finish#LEASE_STOPPED} and returns when there are none. */
  public synchronized void stop() {
    if (!closed) {
      closed = true;
      watch.interrupt();
      engine.interrupt(true);
      runs.acquireUninterruptibly(MAX_RUNS);
    }
  }

  /** Stops and frees the model. */
  @Override
  public synchronized void close() {
    stop();
    engine.close();
  }

  private Vec price(List<TensorData> inputs) throws Rejected {
    try {
      return metering.tariff().admission(engine.batch(inputs));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new Rejected(Reason.INVALID, String.valueOf(e.getMessage()));
    }
  }

  private Result run(Permit permit, List<TensorData> inputs, Vec charged) {
    try {
      // In this order: a stop that comes after the check is seen by whoever watches the lease.
      engine.interrupt(false);
      if (closed || !metering.mayEmit()) {
        engine.interrupt(true);
      }
      List<TensorData> outputs = engine.run(permit, inputs);
      return metering.mayEmit()
          ? new Result(Finish.STOP, outputs, charged)
          : new Result(Finish.LEASE_STOPPED, List.of(), charged);
    } catch (RunFailed e) {
      boolean stopped = closed || !metering.mayEmit();
      return new Result(stopped ? Finish.LEASE_STOPPED : Finish.ERROR, List.of(), charged);
    }
  }
}
