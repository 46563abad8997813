package dev.leasehold.custodian;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * A client of transparency logs written from c2sp.org/tlog-tiles, tlog-checkpoint and signed-note
 * alone: it shares no code with the log it reads.
 */
final class LogReader {
  private final HttpClient http;
  private final URI prefix;
  private final String origin;
  private final byte[] key;

  /** A signed tree head, its root in hex. */
  record Head(long size, String root) {}

  LogReader(HttpClient http, URI prefix, String origin, byte[] key) {
    this.http = http;
    this.prefix = prefix;
    this.origin = origin;
    this.key = key;
  }

  /** Fetches and verifies the checkpoint. */
  Head head() throws Exception {
    HttpResponse<byte[]> r = get("checkpoint");
    assertThat(r.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
    return open(new String(r.body(), UTF_8));
  }

  Head open(String note) throws Exception {
    int blank = note.lastIndexOf("\n\n");
    String text = note.substring(0, blank + 1);
    String[] signature = note.substring(blank + 2).strip().split(" ");
    assertThat(signature).hasSize(3);
    assertThat(signature[0]).isEqualTo("—");
    assertThat(signature[1]).isEqualTo(origin);
    byte[] bytes = Base64.getDecoder().decode(signature[2]);
    byte[] id = sha256(origin.getBytes(UTF_8), new byte[] {'\n', 1}, key);
    assertThat(Arrays.copyOf(bytes, 4)).isEqualTo(Arrays.copyOf(id, 4));
    assertThat(verifies(text.getBytes(UTF_8), Arrays.copyOfRange(bytes, 4, bytes.length))).isTrue();
    String[] lines = text.split("\n");
    assertThat(lines).hasSize(3);
    assertThat(lines[0]).isEqualTo(origin);
    return new Head(
        Long.parseLong(lines[1]), HexFormat.of().formatHex(Base64.getDecoder().decode(lines[2])));
  }

  /** All entries of a tree, each bundle compared with its tile, each tile with the one above. */
  List<byte[]> entries(Head head) throws Exception {
    List<byte[]> entries = new ArrayList<>();
    List<byte[]> level = new ArrayList<>();
    for (long n = 0; n * 256 < head.size; n++) {
      int width = (int) Math.min(256, head.size - n * 256);
      List<byte[]> bundle = bundle(get("tile/entries/" + path(n, width)).body(), width);
      List<byte[]> leaves = bundle.stream().map(e -> sha256(new byte[] {0}, e)).toList();
      assertThat(hashes(get("tile/0/" + path(n, width)).body())).containsExactlyElementsOf(leaves);
      entries.addAll(bundle);
      level.addAll(leaves);
    }
    assertThat(root(level)).as("root over all entries").isEqualTo(head.root);
    for (int l = 1; level.size() >= 256; l++) {
      level = above(level);
      for (int n = 0; n * 256 < level.size(); n++) {
        List<byte[]> part = level.subList(n * 256, Math.min(level.size(), n * 256 + 256));
        assertThat(hashes(get("tile/" + l + "/" + path(n, part.size())).body()))
            .containsExactlyElementsOf(part);
      }
    }
    return entries;
  }

  private static List<byte[]> above(List<byte[]> level) {
    List<byte[]> out = new ArrayList<>();
    for (int i = 0; i + 256 <= level.size(); i += 256) {
      out.add(treeHash(level.subList(i, i + 256)));
    }
    return out;
  }

  HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    HttpResponse<byte[]> r = any(path);
    assertThat(r.statusCode()).as(path).isEqualTo(200);
    return r;
  }

  HttpResponse<byte[]> any(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(prefix.resolve(path)).GET().build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  static String path(long n, int width) {
    String out = String.format(Locale.ROOT, "%03d", n % 1000);
    for (long rest = n / 1000; rest > 0; rest /= 1000) {
      out = String.format(Locale.ROOT, "x%03d/", rest % 1000) + out;
    }
    return width == 256 ? out : out + ".p/" + width;
  }

  private static List<byte[]> hashes(byte[] tile) {
    List<byte[]> out = new ArrayList<>();
    for (int i = 0; i < tile.length; i += 32) {
      out.add(Arrays.copyOfRange(tile, i, i + 32));
    }
    return out;
  }

  private static List<byte[]> bundle(byte[] bytes, int width) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    List<byte[]> out = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] entry = new byte[Short.toUnsignedInt(in.getShort())];
      in.get(entry);
      out.add(entry);
    }
    assertThat(out).hasSize(width);
    return out;
  }

  static String root(List<byte[]> leaves) {
    return HexFormat.of().formatHex(treeHash(leaves));
  }

  /** MTH of RFC 6962 §2.1. */
  private static byte[] treeHash(List<byte[]> leaves) {
    if (leaves.isEmpty()) {
      return sha256();
    }
    if (leaves.size() == 1) {
      return leaves.getFirst();
    }
    int k = Integer.highestOneBit(leaves.size() - 1);
    return node(treeHash(leaves.subList(0, k)), treeHash(leaves.subList(k, leaves.size())));
  }

  static byte[] leaf(byte[] entry) {
    return sha256(new byte[] {0}, entry);
  }

  /** The root that an audit path leads to (RFC 6962 §2.1.1). */
  static String root(byte[] leaf, long index, long size, List<byte[]> path) {
    return HexFormat.of().formatHex(climb(leaf, index, size, path));
  }

  private static byte[] climb(byte[] leaf, long index, long size, List<byte[]> path) {
    if (size == 1) {
      assertThat(path).isEmpty();
      return leaf;
    }
    long k = Long.highestOneBit(size - 1);
    List<byte[]> below = path.subList(0, path.size() - 1);
    return index < k
        ? node(climb(leaf, index, k, below), path.getLast())
        : node(path.getLast(), climb(leaf, index - k, size - k, below));
  }

  private static byte[] node(byte[] left, byte[] right) {
    return sha256(new byte[] {1}, left, right);
  }

  private static byte[] sha256(byte[]... parts) {
    try {
      MessageDigest d = MessageDigest.getInstance("SHA-256");
      for (byte[] p : parts) {
        d.update(p);
      }
      return d.digest();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private boolean verifies(byte[] message, byte[] signature) throws GeneralSecurityException {
    byte[] y = new byte[key.length];
    for (int i = 0; i < key.length; i++) {
      y[i] = key[key.length - 1 - i];
    }
    boolean odd = (y[0] & 0x80) != 0;
    y[0] &= 0x7f;
    EdECPublicKeySpec spec =
        new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, y)));
    Signature s = Signature.getInstance("Ed25519");
    s.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(spec));
    s.update(message);
    return s.verify(signature);
  }
}
