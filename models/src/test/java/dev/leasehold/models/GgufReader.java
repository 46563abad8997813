package dev.leasehold.models;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads GGUF as its specification says, sharing nothing with the writer under test. */
final class GgufReader {
  /** Dimensions in the file's order, the fastest first. */
  record Tensor(List<Long> dimensions, int type, long offset) {}

  final Map<String, Object> metadata = new LinkedHashMap<>();
  final Map<String, Tensor> tensors = new LinkedHashMap<>();
  final int dataStart;

  private final ByteBuffer in;

  GgufReader(byte[] file) {
    in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (in.getInt() != 0x46554747 || in.getInt() != 3) {
      throw new IllegalArgumentException("not GGUF version 3");
    }
    long tensorCount = in.getLong();
    long entryCount = in.getLong();
    for (long i = 0; i < entryCount; i++) {
      String key = string();
      metadata.put(key, value(in.getInt()));
    }
    for (long i = 0; i < tensorCount; i++) {
      String name = string();
      List<Long> dimensions = new ArrayList<>();
      for (int left = in.getInt(); left > 0; left--) {
        dimensions.add(in.getLong());
      }
      tensors.put(name, new Tensor(dimensions, in.getInt(), in.getLong()));
    }
    dataStart = (in.position() + 31) & -32;
  }

  float[] values(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no tensor " + name);
    }
    float[] values =
        new float[tensor.dimensions.stream().mapToInt(Math::toIntExact).reduce(1, (a, b) -> a * b)];
    in.position(Math.toIntExact(dataStart + tensor.offset));
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (tensor.type) {
            case 0 -> in.getFloat();
            case 1 -> Float.float16ToFloat(in.getShort());
            default -> throw new IllegalArgumentException("tensor type " + tensor.type);
          };
    }
    return values;
  }

  int number(String key) {
    return metadata.get(key) instanceof Integer number ? number : -1;
  }

  List<?> list(String key) {
    return metadata.get(key) instanceof List<?> list ? list : List.of();
  }

  private Object value(int type) {
    return switch (type) {
      case 4, 5 -> in.getInt();
      case 6 -> in.getFloat();
      case 7 -> in.get() == 1;
      case 8 -> string();
      case 9 -> array(in.getInt(), in.getLong());
      default -> throw new IllegalArgumentException("metadata type " + type);
    };
  }

  private List<Object> array(int type, long count) {
    List<Object> values = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      values.add(value(type));
    }
    return values;
  }

  private String string() {
    byte[] text = new byte[Math.toIntExact(in.getLong())];
    in.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }
}
