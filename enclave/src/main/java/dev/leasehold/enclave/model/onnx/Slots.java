package dev.leasehold.enclave.model.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import dev.leasehold.enclave.model.engine.TensorData;
import dev.leasehold.enclave.model.engine.TensorEngine.Slot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Between our tensors and ONNX Runtime's. */
final class Slots {
  private Slots() {}

  static List<Slot> of(Map<String, NodeInfo> infos) {
    return infos.entrySet().stream().map(e -> of(e.getKey(), e.getValue())).toList();
  }

  private static Slot of(String name, NodeInfo node) {
    if (!(node.getInfo() instanceof TensorInfo info)) {
      throw new IllegalArgumentException(
          "onnx model, " + name + ": expected a tensor, found " + node.getInfo());
    }
    return new Slot(name, type(name, info.type), Arrays.stream(info.getShape()).boxed().toList());
  }

  /** Checks the tensors against the model's inputs and counts the batch items in them. */
  static long batch(List<Slot> inputs, List<TensorData> values) {
    Map<String, TensorData> byName = new HashMap<>();
    for (TensorData value : values) {
      if (byName.put(value.name(), value) != null) {
        throw new IllegalArgumentException("tensor " + value.name() + " is given twice");
      }
    }
    long batch = 1;
    for (Slot input : inputs) {
      TensorData value = byName.remove(input.name());
      if (value == null) {
        throw new IllegalArgumentException(
            "tensor "
                + input.name()
                + ": expected "
                + input.type()
                + input.shape()
                + ", found none");
      }
      batch = Math.max(batch, openItems(input, value));
    }
    if (!byName.isEmpty()) {
      throw new IllegalArgumentException(
          "expected only the model's inputs, found " + byName.keySet());
    }
    return batch;
  }

  private static long openItems(Slot slot, TensorData value) {
    long items = 1;
    boolean fits = slot.type() == value.type() && slot.shape().size() == value.shape().size();
    for (int i = 0; fits && i < slot.shape().size(); i++) {
      long extent = value.shape().get(i);
      if (slot.shape().get(i) < 0) {
        items = Math.multiplyExact(items, extent);
      } else {
        fits = slot.shape().get(i) == extent;
      }
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "tensor "
              + slot.name()
              + ": expected "
              + slot.type()
              + slot.shape()
              + ", found "
              + value.type()
              + value.shape());
    }
    return items;
  }

  static OnnxTensor tensor(OrtEnvironment environment, TensorData data) throws OrtException {
    ByteBuffer source = data.values();
    ByteBuffer direct =
        ByteBuffer.allocateDirect(source.remaining()).order(ByteOrder.nativeOrder());
    direct.put(source).flip();
    long[] shape = data.shape().stream().mapToLong(Long::longValue).toArray();
    return OnnxTensor.createTensor(environment, direct, shape, type(data.type()));
  }

  static TensorData copy(Slot slot, OnnxTensor tensor) {
    ByteBuffer source = tensor.getByteBuffer();
    ByteBuffer copy = ByteBuffer.allocate(source.remaining()).put(source).flip();
    List<Long> shape = Arrays.stream(tensor.getInfo().getShape()).boxed().toList();
    return new TensorData(slot.name(), slot.type(), shape, copy);
  }

  private static OnnxJavaType type(TensorData.Type type) {
    return switch (type) {
      case BOOL -> OnnxJavaType.BOOL;
      case UINT8 -> OnnxJavaType.UINT8;
      case INT8 -> OnnxJavaType.INT8;
      case INT16 -> OnnxJavaType.INT16;
      case INT32 -> OnnxJavaType.INT32;
      case INT64 -> OnnxJavaType.INT64;
      case FP16 -> OnnxJavaType.FLOAT16;
      case FP32 -> OnnxJavaType.FLOAT;
      case FP64 -> OnnxJavaType.DOUBLE;
    };
  }

  private static TensorData.Type type(String name, OnnxJavaType type) {
    return Arrays.stream(TensorData.Type.values())
        .filter(ours -> type(ours) == type)
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "onnx model, " + name + ": expected numbers or BOOL, found " + type));
  }
}
