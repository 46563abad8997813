package dev.leasehold.enclave.api;

import dev.leasehold.core.guard.Denied;
import dev.leasehold.core.json.Json;
import dev.leasehold.enclave.model.Finish;
import dev.leasehold.enclave.model.OnnxService;
import dev.leasehold.enclave.model.Rejected;
import dev.leasehold.enclave.model.Usage;
import dev.leasehold.enclave.model.engine.TensorData;
import dev.leasehold.enclave.model.engine.TensorEngine.Slot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One run of a tensor model. */
record TensorWork(OnnxService service, OipRequest request, String model) implements Work {
  private static final Usage NO_TOKENS = new Usage(0, 0);

  /** Makes sure of the outputs before anything is charged for them. */
  static TensorWork of(OnnxService service, OipRequest request, String model) throws ApiError {
    List<String> known = service.outputs().stream().map(Slot::name).toList();
    if (!known.containsAll(request.outputs())) {
      throw ApiError.invalid("outputs", "outputs: expected names among " + known);
    }
    return new TensorWork(service, request, model);
  }

  @Override
  public Format format() {
    return Whole.INSTANCE;
  }

  /**
   * The run takes a thread of its own: it is native, and would hold up the frame clocks of others
   * on a virtual one.
   */
  @Override
  public void start(AnswerStream answer) {
    Thread.ofPlatform().daemon().name("run").start(() -> run(answer));
  }

  private void run(AnswerStream answer) {
    try {
      OnnxService.Result result = service.infer(request.inputs());
      if (result.finish() == Finish.STOP) {
        answer.text(write(result.outputs()));
      }
      answer.finished(result.finish(), result.charged(), NO_TOKENS);
    } catch (Denied e) {
      answer.refused(ApiError.of(e));
    } catch (Rejected e) {
      answer.refused(ApiError.of(e));
    } catch (RuntimeException e) {
      Faults.log(e);
      answer.broke();
    }
  }

  private String write(List<TensorData> outputs) {
    List<Json> written = new ArrayList<>();
    for (TensorData output : outputs) {
      if (request.outputs().isEmpty() || request.outputs().contains(output.name())) {
        written.add(TensorJson.write(output));
      }
    }
    Json.Obj answer = Json.Obj.EMPTY.with("model_name", model);
    if (request.id().isPresent()) {
      answer = answer.with("id", request.id().get());
    }
    return answer.with("outputs", Json.Arr.of(written)).write();
  }

  /** The text is the answer. */
  private enum Whole implements Format {
    INSTANCE;

    @Override
    public boolean streams() {
      return false;
    }

    @Override
    public byte[] piece(String text) {
      throw new IllegalStateException("tensors are sent whole");
    }

    @Override
    public byte[] end(String rest, Finish finish, Usage usage) {
      return rest.getBytes(StandardCharsets.UTF_8);
    }
  }
}
