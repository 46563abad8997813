package dev.leasehold.core.log;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.json.StrictJson;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a log says it holds (c2sp.org/tlog-checkpoint, protocol §10). It has no extension lines, so
 * that one tree has one text.
 *
 * @param origin the log's name, which is also that of its key
 * @param size entries
 * @param root of the tree over them
 */
public record Checkpoint(String origin, long size, Hash root) {
  private static final String WHAT = "checkpoint";
  private static final Pattern TEXT =
      Pattern.compile("([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n");

  public Checkpoint {
    SignedNote.requireName(origin);
    if (size < 0 || size > StrictJson.MAX_INTEGER) {
      throw new IllegalArgumentException("size: expected 0 to 2^53 - 1, found " + size);
    }
    if (size == 0 && !root.equals(Digests.EMPTY_SHA256)) {
      throw new IllegalArgumentException("root: expected that of an empty tree, found " + root);
    }
  }

  /** A note that the log {@code origin} has signed with its Ed25519 key of 32 raw bytes. */
  public static Checkpoint parse(String note, String origin, Bytes key) throws Malformed {
    SignedNote signed = SignedNote.parse(note);
    signed.requireSigned(origin, key);
    Checkpoint checkpoint = read(signed.text());
    if (!checkpoint.origin.equals(origin)) {
      throw new Malformed("checkpoint.origin", origin, checkpoint.origin);
    }
    return checkpoint;
  }

  /**
   * What a note says before anybody has checked who signed it: enough to fetch the entries it
   * covers, among them the roster with the log's key. Nothing is accepted before {@link #parse}.
   */
  public static Checkpoint claimed(String note) throws Malformed {
    return read(SignedNote.parse(note).text());
  }

  private static Checkpoint read(String text) throws Malformed {
    Matcher m = TEXT.matcher(text);
    if (!m.matches()) {
      throw new Malformed(WHAT, "three lines: origin, size, root in base64", text);
    }
    Hash root = Hash.of(Bytes.fromBase64("checkpoint.root", m.group(3)).toArray());
    try {
      return new Checkpoint(m.group(1), Long.parseLong(m.group(2)), root);
    } catch (IllegalArgumentException e) {
      throw new Malformed(WHAT, "the head of a tree", text);
    }
  }

  /** What is signed. */
  public String text() {
    return origin + "\n" + size + "\n" + Bytes.of(root.bytes()).base64() + "\n";
  }

  /** The note that this log publishes. */
  public String sign(Ed25519Signer key) {
    return SignedNote.sign(text(), origin, key).write();
  }
}
