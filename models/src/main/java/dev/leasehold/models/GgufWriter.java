package dev.leasehold.models;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Lays out GGUF version 3: metadata, a table of tensors, then their data, each aligned. */
final class GgufWriter {
  static final int ALIGNMENT = 32;

  private static final int VERSION = 3;
  private static final int TYPE_UINT32 = 4;
  private static final int TYPE_INT32 = 5;
  private static final int TYPE_FLOAT32 = 6;
  private static final int TYPE_BOOL = 7;
  private static final int TYPE_STRING = 8;
  private static final int TYPE_ARRAY = 9;

  /** How a tensor's numbers are stored, with GGUF's number for it. */
  enum NumberFormat {
    F32(0),
    F16(1);

    private final int code;

    NumberFormat(int code) {
      this.code = code;
    }

    /** Names the whole file's format too: {@code general.file_type} has the same numbers. */
    int code() {
      return code;
    }
  }

  private final LittleEndian metadata = new LittleEndian();
  private final LittleEndian table = new LittleEndian();
  private final LittleEndian data = new LittleEndian();
  private int entries;
  private int tensors;

  GgufWriter text(String key, String value) {
    entry(key, TYPE_STRING).string(value);
    return this;
  }

  GgufWriter number(String key, int value) {
    entry(key, TYPE_UINT32).int32(value);
    return this;
  }

  GgufWriter real(String key, float value) {
    entry(key, TYPE_FLOAT32).float32(value);
    return this;
  }

  GgufWriter flag(String key, boolean value) {
    entry(key, TYPE_BOOL).bits(value ? 1 : 0, 1);
    return this;
  }

  GgufWriter texts(String key, List<String> values) {
    LittleEndian array = array(key, TYPE_STRING, values.size());
    values.forEach(array::string);
    return this;
  }

  GgufWriter numbers(String key, int[] values) {
    LittleEndian array = array(key, TYPE_INT32, values.length);
    for (int value : values) {
      array.int32(value);
    }
    return this;
  }

  GgufWriter reals(String key, float[] values) {
    LittleEndian array = array(key, TYPE_FLOAT32, values.length);
    for (float value : values) {
      array.float32(value);
    }
    return this;
  }

  /** Adds a tensor given row after row; GGUF states its shape with the fastest dimension first. */
  GgufWriter tensor(String name, long[] shape, NumberFormat format, float[] values) {
    table.string(name).int32(shape.length);
    for (int i = shape.length - 1; i >= 0; i--) {
      table.int64(shape[i]);
    }
    table.int32(format.code).int64(data.size());
    for (float value : values) {
      switch (format) {
        case F32 -> data.float32(value);
        case F16 -> data.float16(value);
      }
    }
    data.align(ALIGNMENT);
    tensors++;
    return this;
  }

  byte[] toByteArray() {
    return new LittleEndian()
        .raw("GGUF".getBytes(StandardCharsets.US_ASCII))
        .int32(VERSION)
        .int64(tensors)
        .int64(entries)
        .raw(metadata.toByteArray())
        .raw(table.toByteArray())
        .align(ALIGNMENT)
        .raw(data.toByteArray())
        .toByteArray();
  }

  private LittleEndian entry(String key, int type) {
    entries++;
    return metadata.string(key).int32(type);
  }

  private LittleEndian array(String key, int elements, int count) {
    return entry(key, TYPE_ARRAY).int32(elements).int64(count);
  }
}
