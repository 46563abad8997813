package dev.leasehold.enclave.model.engine;

import dev.leasehold.core.guard.Permit;
import java.util.List;

/** A model that maps tensors to tensors, each run paid for by a permit (protocol §9.3). */
public interface TensorEngine extends AutoCloseable {
  /**
   * One run. It consumes the permit before the kernel and refuses one that covers less than the run
   * costs.
   *
   * @param inputs checked against {@link #inputs}: every one, by name, type and fixed extents
   */
  List<TensorData> run(Permit permit, List<TensorData> inputs) throws RunFailed;

  /**
   * How many batch items these inputs are, for the charge: the extents that the model leaves open,
   * multiplied, of the input where that is most. So a caller cannot hide work in a second open
   * dimension.
   *
   * @throws IllegalArgumentException when they do not fit the model; the message says which and why
   */
  long batch(List<TensorData> inputs);

  /** While on, running and new runs end early with {@link RunFailed}. Safe from any thread. */
  void interrupt(boolean on);

  List<Slot> inputs();

  List<Slot> outputs();

  /** How many runs reached the kernel since the start. */
  long runs();

  @Override
  void close();

  /**
   * What the model takes or gives under a name.
   *
   * @param shape extents, outermost first; -1 where the caller chooses
   */
  record Slot(String name, TensorData.Type type, List<Long> shape) {
    public Slot {
      shape = List.copyOf(shape);
    }
  }

  /** The run did not finish: interrupted, or the engine failed. It stays charged. */
  final class RunFailed extends Exception {
    private static final long serialVersionUID = 1L;

    public RunFailed(String message) {
      super(message, null, false, false);
    }
  }
}
