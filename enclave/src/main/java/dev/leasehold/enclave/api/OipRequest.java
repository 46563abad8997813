package dev.leasehold.enclave.api;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.ApiJson;
import dev.leasehold.core.json.Json;
import dev.leasehold.enclave.model.engine.TensorData;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The body of an inference by the Open Inference Protocol, version 2, in JSON.
 *
 * @param id the client's own, handed back
 * @param outputs names of the outputs wanted; empty for all
 */
record OipRequest(Optional<String> id, List<TensorData> inputs, List<String> outputs) {
  private static final int MAX_TENSORS = 256;
  private static final int MAX_NAME = 256;

  static OipRequest parse(byte[] body) throws ApiError {
    try {
      Members members = new Members("", ApiJson.parse("body", body, body.length));
      refuseBinary(members);
      Optional<String> id =
          members.get("id").isEmpty() ? Optional.empty() : Optional.of(members.requireString("id"));
      return new OipRequest(id, inputs(members), outputs(members));
    } catch (Malformed e) {
      throw ApiError.invalid(e);
    }
  }

  private static List<TensorData> inputs(Members body) throws ApiError {
    List<TensorData> inputs = new ArrayList<>();
    for (Members input : tensors(body, "inputs")) {
      inputs.add(TensorJson.parse(input));
    }
    return inputs;
  }

  private static List<String> outputs(Members body) throws ApiError {
    List<String> names = new ArrayList<>();
    if (body.get("outputs").isPresent()) {
      for (Members output : tensors(body, "outputs")) {
        names.add(output.requireString("name"));
      }
    }
    return names;
  }

  private static List<Members> tensors(Members body, String name) throws ApiError {
    List<Json> items = body.requireArray(name);
    if (items.size() > MAX_TENSORS) {
      throw ApiError.invalid(name, name + ": expected at most 256, found " + items.size());
    }
    List<Members> tensors = new ArrayList<>();
    for (Json item : items) {
      Members tensor = Members.of(name + "[" + tensors.size() + "]", item);
      refuseBinary(tensor);
      if (tensor.requireString("name").length() > MAX_NAME) {
        throw ApiError.invalid(tensor.path("name"), tensor.path("name") + ": too long");
      }
      tensors.add(tensor);
    }
    return tensors;
  }

  /** Tensors after the JSON part are another encoding, which this enclave does not read. */
  private static void refuseBinary(Members of) throws ApiError {
    Optional<Json> parameters = of.get("parameters");
    if (parameters.isPresent()) {
      Members members = Members.of(of.path("parameters"), parameters.get());
      for (String name : List.of("binary_data_size", "binary_data", "binary_data_output")) {
        members.refuseUnless(name, new Json.Bool(false));
      }
    }
  }
}
