package dev.leasehold.enclave.api;

import dev.leasehold.core.json.Json;
import dev.leasehold.enclave.model.engine.TensorData;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Tensors in the JSON of the Open Inference Protocol: {@code data} flat or nested in their shape.
 */
final class TensorJson {
  private static final int MAX_RANK = 16;

  private TensorJson() {}

  /** Nothing is allocated before the data is known to have as many elements as the shape says. */
  static TensorData parse(Members tensor) throws ApiError {
    String name = tensor.requireString("name");
    TensorData.Type type = type(tensor);
    List<Long> shape = shape(tensor);
    String path = tensor.path("data");
    int bytes;
    try {
      bytes = TensorData.byteSize(name, type, shape);
    } catch (IllegalArgumentException e) {
      throw ApiError.invalid(tensor.path("shape"), String.valueOf(e.getMessage()));
    }
    List<Json> data = flat(path, tensor.requireArray("data"), shape);
    if (data.size() != bytes / type.bytes()) {
      throw ApiError.invalid(
          path, path + ": expected " + bytes / type.bytes() + " elements, found " + data.size());
    }
    ByteBuffer values = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (Json element : data) {
      put(path, type, element, values);
    }
    return new TensorData(name, type, shape, values.flip());
  }

  static Json.Obj write(TensorData tensor) {
    List<Json> shape = new ArrayList<>();
    tensor.shape().forEach(extent -> shape.add(new Json.Int(extent)));
    List<Json> data = new ArrayList<>();
    for (ByteBuffer values = tensor.values(); values.hasRemaining(); ) {
      data.add(next(tensor.type(), values));
    }
    return Json.Obj.EMPTY
        .with("name", tensor.name())
        .with("shape", Json.Arr.of(shape))
        .with("datatype", tensor.type().name())
        .with("data", Json.Arr.of(data));
  }

  private static TensorData.Type type(Members tensor) throws ApiError {
    String name = tensor.requireString("datatype");
    Optional<TensorData.Type> type =
        Arrays.stream(TensorData.Type.values()).filter(t -> t.name().equals(name)).findAny();
    return type.orElseThrow(() ->
        ApiError.invalid(
            tensor.path("datatype"),
            tensor.path("datatype")
                + ": expected one of "
                + Arrays.toString(TensorData.Type.values())));
  }

  private static List<Long> shape(Members tensor) throws ApiError {
    String path = tensor.path("shape");
    List<Long> shape = new ArrayList<>();
    for (Json extent : tensor.requireArray("shape")) {
      if (!(extent instanceof Json.Int(long n)) || n < 0 || shape.size() == MAX_RANK) {
        throw Members.expected(path, "at most 16 whole numbers of at least 0", extent);
      }
      shape.add(n);
    }
    return shape;
  }

  /** The elements in order. Data that is nested at all is nested exactly as the shape says. */
  private static List<Json> flat(String path, List<Json> data, List<Long> shape) throws ApiError {
    if (data.stream().noneMatch(Json.Arr.class::isInstance)) {
      return data;
    }
    List<Json> out = new ArrayList<>();
    unnest(path, data, shape, 0, out);
    return out;
  }

  private static void unnest(
      String path, List<Json> items, List<Long> shape, int depth, List<Json> out) throws ApiError {
    if (depth == shape.size() || items.size() != shape.get(depth)) {
      throw ApiError.invalid(path, path + ": expected it flat or nested as " + shape);
    }
    if (depth == shape.size() - 1) {
      out.addAll(items);
      return;
    }
    for (Json item : items) {
      if (!(item instanceof Json.Arr(List<Json> inner))) {
        throw ApiError.invalid(path, path + ": expected it flat or nested as " + shape);
      }
      unnest(path, inner, shape, depth + 1, out);
    }
  }

  private static void put(String path, TensorData.Type type, Json element, ByteBuffer out)
      throws ApiError {
    switch (type) {
      case BOOL -> out.put((byte) (bool(path, element) ? 1 : 0));
      case UINT8 -> out.put((byte) whole(path, element, 0, 255));
      case INT8 -> out.put((byte) whole(path, element, Byte.MIN_VALUE, Byte.MAX_VALUE));
      case INT16 -> out.putShort((short) whole(path, element, Short.MIN_VALUE, Short.MAX_VALUE));
      case INT32 -> out.putInt((int) whole(path, element, Integer.MIN_VALUE, Integer.MAX_VALUE));
      case INT64 -> out.putLong(whole(path, element, Long.MIN_VALUE, Long.MAX_VALUE));
      case FP16 -> out.putShort(Float.floatToFloat16((float) number(path, element)));
      case FP32 -> out.putFloat((float) number(path, element));
      case FP64 -> out.putDouble(number(path, element));
    }
  }

  private static Json next(TensorData.Type type, ByteBuffer in) {
    return switch (type) {
      case BOOL -> new Json.Bool(in.get() != 0);
      case UINT8 -> new Json.Int(Byte.toUnsignedInt(in.get()));
      case INT8 -> new Json.Int(in.get());
      case INT16 -> new Json.Int(in.getShort());
      case INT32 -> new Json.Int(in.getInt());
      case INT64 -> new Json.Int(in.getLong());
      case FP16 -> shortest(Float.float16ToFloat(in.getShort()));
      case FP32 -> shortest(in.getFloat());
      case FP64 -> new Json.Real(in.getDouble());
    };
  }

  /** The fewest digits that are still this number and no other. */
  private static Json shortest(float value) {
    return new Json.Real(Double.parseDouble(Float.toString(value)));
  }

  private static boolean bool(String path, Json element) throws ApiError {
    if (element instanceof Json.Bool(boolean b)) {
      return b;
    }
    throw Members.expected(path, "true or false", element);
  }

  private static long whole(String path, Json element, long least, long most) throws ApiError {
    if (element instanceof Json.Int(long n) && n >= least && n <= most) {
      return n;
    }
    throw Members.expected(path, "whole numbers from " + least + " to " + most, element);
  }

  private static double number(String path, Json element) throws ApiError {
    OptionalDouble number = Members.numberOf(element);
    if (number.isEmpty()) {
      throw Members.expected(path, "numbers", element);
    }
    return number.getAsDouble();
  }
}
