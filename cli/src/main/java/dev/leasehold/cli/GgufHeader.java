package dev.leasehold.cli;

import dev.leasehold.core.bytes.Malformed;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What the head of a GGUF file (version 2 or 3) says about the model's size, which is what a unit
 * of its work costs.
 *
 * @param contextLength the longest context the model was trained for, in tokens
 * @param parameters weights in all tensors
 */
record GgufHeader(String name, long contextLength, long layers, long embedding, long parameters) {
  private static final int MAGIC = 0x46554747;
  private static final int MAX_STRING = 1 << 24;
  private static final long MAX_COUNT = 1 << 24;

  static GgufHeader read(Path file) throws IOException, Malformed {
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      return new Reader(new DataInputStream(raw)).header();
    } catch (EOFException e) {
      throw new Malformed("GGUF", "a complete header", "end of file within it");
    }
  }

  /** Megaflops for one token: two operations a weight. */
  long megaflopsPerToken() {
    return Math.ceilDiv(Math.multiplyExact(2, parameters), 1_000_000);
  }

  /** Megaflops that attention adds for each 1 024 tokens of context before a token. */
  long megaflopsPerKiContext() {
    return Math.ceilDiv(
        Math.multiplyExact(4L * 1024, Math.multiplyExact(layers, embedding)), 1_000_000);
  }

  private static final class Reader {
    private final DataInputStream in;
    private final Map<String, Object> metadata = new HashMap<>();

    Reader(DataInputStream in) {
      this.in = in;
    }

    GgufHeader header() throws IOException, Malformed {
      int magic = Integer.reverseBytes(in.readInt());
      if (magic != MAGIC) {
        throw new Malformed("GGUF.magic", "GGUF", String.format("0x%08x", magic));
      }
      long version = u32();
      if (version != 2 && version != 3) {
        throw new Malformed("GGUF.version", "2 or 3", String.valueOf(version));
      }
      long tensors = count("tensors");
      long pairs = count("metadata");
      for (long i = 0; i < pairs; i++) {
        metadata.put(string(), value(u32()));
      }
      long parameters = 0;
      for (long i = 0; i < tensors; i++) {
        parameters = Math.addExact(parameters, tensor());
      }
      String arch = text("general.architecture");
      return new GgufHeader(
          metadata.get("general.name") instanceof String s ? s : arch,
          number(arch + ".context_length"),
          number(arch + ".block_count"),
          number(arch + ".embedding_length"),
          parameters);
    }

    private long tensor() throws IOException, Malformed {
      String name = string();
      long dimensions = u32();
      if (dimensions < 1 || dimensions > 8) {
        throw new Malformed("GGUF.tensor " + name, "1 to 8 dimensions", String.valueOf(dimensions));
      }
      long elements = 1;
      for (long d = 0; d < dimensions; d++) {
        long size = u64();
        if (size < 1 || size > MAX_COUNT * 1024 || elements > Long.MAX_VALUE / size) {
          throw new Malformed("GGUF.tensor " + name, "a plausible dimension", String.valueOf(size));
        }
        elements *= size;
      }
      u32();
      u64();
      return elements;
    }

    /** Scalars as they are; arrays are passed over. */
    private Object value(long type) throws IOException, Malformed {
      return switch ((int) type) {
        case 0, 1, 7 -> (long) in.readUnsignedByte();
        case 2, 3 -> (long) Short.toUnsignedInt(Short.reverseBytes(in.readShort()));
        case 4, 5, 6 -> u32();
        case 8 -> string();
        case 9 -> {
          long of = u32();
          long n = count("array");
          for (long i = 0; i < n; i++) {
            value(of);
          }
          yield "";
        }
        case 10, 11, 12 -> u64();
        default -> throw new Malformed("GGUF.metadata", "a value type 0 to 12", "type " + type);
      };
    }

    private String text(String key) throws Malformed {
      if (metadata.get(key) instanceof String s) {
        return s;
      }
      throw new Malformed("GGUF." + key, "a string", String.valueOf(metadata.get(key)));
    }

    private long number(String key) throws Malformed {
      if (metadata.get(key) instanceof Long n) {
        return n;
      }
      throw new Malformed("GGUF." + key, "a number", String.valueOf(metadata.get(key)));
    }

    private String string() throws IOException, Malformed {
      long length = u64();
      if (length < 0 || length > MAX_STRING) {
        throw new Malformed("GGUF.string", "at most " + MAX_STRING + " bytes", length + " bytes");
      }
      byte[] bytes = in.readNBytes((int) length);
      if (bytes.length < length) {
        throw new EOFException();
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }

    private long count(String what) throws IOException, Malformed {
      long n = u64();
      if (n < 0 || n > MAX_COUNT) {
        throw new Malformed("GGUF." + what, "at most " + MAX_COUNT, String.valueOf(n));
      }
      return n;
    }

    private long u32() throws IOException {
      return Integer.toUnsignedLong(Integer.reverseBytes(in.readInt()));
    }

    private long u64() throws IOException {
      return Long.reverseBytes(in.readLong());
    }
  }
}
