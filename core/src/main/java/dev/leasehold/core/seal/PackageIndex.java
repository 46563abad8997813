package dev.leasehold.core.seal;

import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.Codec;
import dev.leasehold.core.json.StrictJson;
import dev.leasehold.core.log.Merkle;
import dev.leasehold.core.log.MerkleBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The table of contents at the head of a sealed package's plaintext (protocol §5.1): files sorted
 * by the bytes of their paths, each path once.
 */
public record PackageIndex(List<PackageFile> files) {
  /** No index is longer, so that reading one allocates no more. */
  public static final int MAX_BYTES = 4 << 20;

  private static final Codec<Form> CODEC = Codec.of(Form.class);

  /** The index as JSON. */
  private record Form(long v, List<PackageFile> files) {
    Form {
      if (v != 1) {
        throw new IllegalArgumentException("v: expected 1, found " + v);
      }
    }
  }

  public PackageIndex {
    files = List.copyOf(files);
    byte[] previous = {};
    long total = 0;
    for (PackageFile f : files) {
      if (Arrays.compareUnsigned(previous, f.pathBytes()) >= 0) {
        throw new IllegalArgumentException(
            "files: expected paths sorted by bytes, each once, found " + f.path());
      }
      previous = f.pathBytes();
      total += f.bytes();
      if (f.bytes() < 0 || total > StrictJson.MAX_INTEGER) {
        throw new IllegalArgumentException("files: expected at most 2^53 - 1 bytes together");
      }
    }
  }

  /** Parses the one spelling that {@link #encode} writes. */
  public static PackageIndex parse(byte[] json) throws Malformed {
    Form form = CODEC.decode("index", StrictJson.parse("index", json, MAX_BYTES));
    PackageIndex index;
    try {
      index = new PackageIndex(form.files);
    } catch (IllegalArgumentException e) {
      throw new Malformed("index.files", "a sorted list", String.valueOf(e.getMessage()));
    }
    if (!Arrays.equals(index.encode(), json)) {
      throw new Malformed("index", "no whitespace, members in order, no escapes", "another form");
    }
    return index;
  }

  /** The JSON as it is sealed. */
  public byte[] encode() {
    return CODEC.encode(new Form(1, files)).write().getBytes(StandardCharsets.UTF_8);
  }

  /** What identifies the model: the tree over paths and file roots (protocol §5.1). */
  public Hash modelDigest() {
    MerkleBuilder tree = new MerkleBuilder();
    for (PackageFile f : files) {
      ByteWriter leaf = new ByteWriter().bytes(f.pathBytes()).u8(0).bytes(f.root().bytes());
      tree.add(Merkle.leaf(leaf.toByteArray()));
    }
    return tree.root();
  }

  /** The length of the plaintext stream: {@code u32 indexLen ‖ index JSON ‖ files}. */
  public long streamBytes() {
    return Integer.BYTES + encode().length + files.stream().mapToLong(PackageFile::bytes).sum();
  }
}
