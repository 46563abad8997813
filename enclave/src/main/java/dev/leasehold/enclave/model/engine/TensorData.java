package dev.leasehold.enclave.model.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * A named tensor of the Open Inference Protocol: row-major, little-endian.
 *
 * @param name of the model's input or output
 * @param type of each element
 * @param shape sizes of the dimensions, outermost first; empty for a scalar
 * @param values exactly the bytes of all elements, between position and limit
 */
public record TensorData(String name, Type type, List<Long> shape, ByteBuffer values) {
  /** Element types, named as the Open Inference Protocol writes them. */
  public enum Type {
    BOOL(1),
    UINT8(1),
    INT8(1),
    INT16(2),
    INT32(4),
    INT64(8),
    FP16(2),
    FP32(4),
    FP64(8);

    private final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
      return bytes;
    }
  }

  public TensorData {
    shape = List.copyOf(shape);
    values = values.slice().order(ByteOrder.LITTLE_ENDIAN);
    long expected = byteSize(name, type, shape);
    if (values.remaining() != expected) {
      throw new IllegalArgumentException(
          "tensor "
              + name
              + ": expected "
              + expected
              + " bytes for "
              + type
              + shape
              + ", found "
              + values.remaining());
    }
  }

  /**
   * The bytes a tensor of this type and shape has. Ask before allocating for a shape from outside:
   * it is refused when an extent is negative or the product is beyond what one buffer holds.
   */
  public static int byteSize(String name, Type type, List<Long> shape) {
    try {
      long bytes = type.bytes();
      for (long extent : shape) {
        if (extent < 0) {
          throw new ArithmeticException();
        }
        bytes = Math.multiplyExact(bytes, extent);
      }
      // An extent of 0 must not hide an overflow in the ones beside it.
      long others = shape.stream().filter(e -> e > 0).reduce(1L, Math::multiplyExact);
      Math.multiplyExact(others, (long) type.bytes());
      return Math.toIntExact(bytes);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "tensor "
              + name
              + ": expected extents of at least 0 and fewer than 2^31 bytes, found "
              + type
              + shape);
    }
  }

  public static TensorData of(String name, float[] values, long... shape) {
    ByteBuffer bytes = littleEndian(Math.multiplyExact(values.length, Float.BYTES));
    bytes.asFloatBuffer().put(values);
    return new TensorData(name, Type.FP32, list(shape), bytes);
  }

  public static TensorData of(String name, long[] values, long... shape) {
    ByteBuffer bytes = littleEndian(Math.multiplyExact(values.length, Long.BYTES));
    bytes.asLongBuffer().put(values);
    return new TensorData(name, Type.INT64, list(shape), bytes);
  }

  /** The elements of an FP32 tensor. */
  public float[] floats() {
    if (type != Type.FP32) {
      throw new IllegalStateException("tensor " + name + " is " + type + ", not FP32");
    }
    float[] floats = new float[values.remaining() / Float.BYTES];
    values().asFloatBuffer().get(floats);
    return floats;
  }

  /** A view of its own position, little-endian. */
  @Override
  public ByteBuffer values() {
    return values.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static List<Long> list(long[] shape) {
    return Arrays.stream(shape).boxed().toList();
  }
}
