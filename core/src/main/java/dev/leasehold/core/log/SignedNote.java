package dev.leasehold.core.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Ed25519;
import dev.leasehold.core.dsse.Ed25519Signer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A text with signatures below it (c2sp.org/signed-note). The text means nothing before {@link
 * #requireSigned}.
 *
 * @param text whole lines, the last one ended too
 * @param signatures those of unknown keys included
 */
public record SignedNote(String text, List<Line> signatures) {
  /** A note is small; sixteen post-quantum signatures fit. */
  public static final int MAX_BYTES = 1 << 17;

  private static final String WHAT = "note";
  private static final String BREAK = "\n\n";
  private static final String DASH = "\u2014 ";
  private static final int ED25519 = 1;
  private static final int KEY_ID_BYTES = 4;

  /**
   * One signature.
   *
   * @param name of the key: neither empty, nor with spaces, nor with {@code +}
   * @param value four bytes that name key and algorithm, then the signature itself
   */
  public record Line(String name, Bytes value) {
    public Line {
      requireName(name);
      if (value.length() <= KEY_ID_BYTES) {
        throw new IllegalArgumentException("value: expected a key's ID and a signature");
      }
    }

    private boolean isBy(String key, byte[] id) {
      return name.equals(key) && Arrays.equals(id, 0, KEY_ID_BYTES, bytes(), 0, KEY_ID_BYTES);
    }

    private byte[] signature() {
      return Arrays.copyOfRange(bytes(), KEY_ID_BYTES, value.length());
    }

    private byte[] bytes() {
      return value.toArray();
    }

    private String write() {
      return DASH + name + " " + value.base64() + "\n";
    }
  }

  public SignedNote {
    signatures = List.copyOf(signatures);
  }

  /** Signs a text of whole lines by one key under a name. */
  public static SignedNote sign(String text, String name, Ed25519Signer key) {
    byte[] signature = key.sign(text.getBytes(UTF_8)).getFirst().sig().toArray();
    byte[] id = keyId(name, key.key().ed25519());
    Bytes value = Bytes.of(new ByteWriter().bytes(id, signature).toByteArray());
    return new SignedNote(text, List.of(new Line(name, value)));
  }

  public static SignedNote parse(String note) throws Malformed {
    if (note.length() > MAX_BYTES) {
      throw new Malformed(WHAT, "at most " + MAX_BYTES + " bytes", note.length() + " characters");
    }
    if (note.chars().anyMatch(c -> c < ' ' && c != '\n')) {
      throw new Malformed(WHAT, "no control characters but the ends of lines", note);
    }
    int end = note.lastIndexOf(BREAK);
    if (end < 0) {
      throw new Malformed(WHAT, "an empty line before the signatures", note);
    }
    return new SignedNote(note.substring(0, end + 1), lines(note.substring(end + BREAK.length())));
  }

  private static List<Line> lines(String block) throws Malformed {
    if (!block.endsWith("\n")) {
      throw new Malformed("note.signature", "whole lines, at least one", block);
    }
    List<Line> out = new ArrayList<>();
    for (String line : block.substring(0, block.length() - 1).split("\n", -1)) {
      out.add(line(line));
    }
    return out;
  }

  private static Line line(String line) throws Malformed {
    String[] parts = line.split(" ", -1);
    if (parts.length != 3 || !DASH.equals(parts[0] + " ")) {
      throw new Malformed("note.signature", "an em dash, a name and base64", line);
    }
    try {
      return new Line(parts[1], Bytes.fromBase64("note.signature", parts[2]));
    } catch (IllegalArgumentException e) {
      throw new Malformed("note.signature", "the name of a key, its ID and a signature", line);
    }
  }

  public String write() {
    return text + "\n" + signatures.stream().map(Line::write).collect(Collectors.joining());
  }

  /**
   * The text is signed by the Ed25519 key of this name, and no signature that claims to be by it is
   * wrong. What other keys signed is passed over.
   *
   * @param key 32 raw bytes
   */
  public void requireSigned(String name, Bytes key) throws Malformed {
    byte[] id = keyId(name, key);
    List<Line> claimed = signatures.stream().filter(s -> s.isBy(name, id)).toList();
    if (claimed.isEmpty()) {
      throw new Malformed("note.signature", "one by the key of " + name, names());
    }
    byte[] message = text.getBytes(UTF_8);
    for (Line line : claimed) {
      if (!Ed25519.verifies(key.toArray(), line.signature(), message)) {
        throw new Malformed("note.signature", "the signature of " + name, "a wrong one");
      }
    }
  }

  private String names() {
    return signatures.stream().map(Line::name).collect(Collectors.joining(", "));
  }

  private static byte[] keyId(String name, Bytes key) {
    byte[] named =
        new ByteWriter()
            .bytes(name.getBytes(UTF_8))
            .u8('\n')
            .u8(ED25519)
            .bytes(key.toArray())
            .toByteArray();
    return Arrays.copyOf(Digests.sha256(named).bytes(), KEY_ID_BYTES);
  }

  static void requireName(String name) {
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "name of a key: expected no spaces and no '+', found '" + name + "'");
    }
  }

  /** True for what can be the name of a key, and so of a log. */
  public static boolean isName(String name) {
    return !name.isEmpty()
        && name.codePoints()
            .noneMatch(c -> c == '+' || Character.isWhitespace(c) || Character.isSpaceChar(c));
  }
}
