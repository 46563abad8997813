package dev.leasehold.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.log.Checkpoint;
import dev.leasehold.core.log.EntryBundle;
import dev.leasehold.core.log.SignedNote;
import dev.leasehold.core.log.Tile;
import dev.leasehold.core.log.TilePath;
import java.util.Arrays;
import java.util.List;

/** What a transparency log serves. A first byte is the width of a tile or bundle, less one. */
final class LogTargets {
  private static final String ORIGIN = "example.com/log";
  private static final Ed25519Signer KEY = Ed25519Signer.fromSeed(new byte[32]);

  static final List<Target> ALL =
      List.of(
          new Target("signed-note", LogTargets::notes, LogTargets::note),
          new Target("checkpoint", LogTargets::texts, LogTargets::checkpoint),
          new Target("tile-path", LogTargets::paths, LogTargets::path),
          new Target("tile", LogTargets::tiles, LogTargets::tile),
          new Target("entry-bundle", LogTargets::bundles, LogTargets::bundle));

  private LogTargets() {}

  private static List<Checkpoint> checkpoints() {
    return List.of(
        new Checkpoint(ORIGIN, 0, Digests.EMPTY_SHA256),
        new Checkpoint(ORIGIN, 70_000, Digests.sha256(new byte[1])));
  }

  private static List<byte[]> notes() {
    return checkpoints().stream().map(c -> c.sign(KEY).getBytes(UTF_8)).toList();
  }

  private static List<byte[]> texts() {
    return checkpoints().stream().map(c -> c.text().getBytes(UTF_8)).toList();
  }

  private static List<byte[]> paths() {
    return List.of(
        new TilePath(0, 1_067, 8).text().getBytes(UTF_8),
        new TilePath(TilePath.ENTRIES, 1_234_067, TilePath.FULL).text().getBytes(UTF_8));
  }

  private static List<byte[]> tiles() {
    Tile tile = new Tile(List.of(Digests.EMPTY_SHA256, Digests.sha256(new byte[1])));
    return List.of(new ByteWriter().u8(1).bytes(tile.write()).toByteArray());
  }

  private static List<byte[]> bundles() {
    EntryBundle bundle = new EntryBundle(List.of(Bytes.of(new byte[] {1, 2, 3}), Bytes.EMPTY));
    return List.of(new ByteWriter().u8(1).bytes(bundle.write()).toByteArray());
  }

  private static void note(byte[] input) throws Malformed {
    String text = new String(input, UTF_8);
    SignedNote note = SignedNote.parse(text);
    Target.require(note.write().equals(text), "a note has one form");
  }

  /** Signed first: what is wrong with a checkpoint that its log has signed. */
  private static void checkpoint(byte[] input) throws Malformed {
    String text = new String(input, UTF_8);
    String note = SignedNote.sign(text, ORIGIN, KEY).write();
    Checkpoint checkpoint = Checkpoint.parse(note, ORIGIN, KEY.key().ed25519());
    Target.require(checkpoint.text().equals(text), "a checkpoint has one text");
  }

  private static void path(byte[] input) throws Malformed {
    String text = new String(input, ISO_8859_1);
    Target.require(TilePath.parse(text).text().equals(text), "a tile has one path");
  }

  private static void tile(byte[] input) throws Malformed {
    byte[] rest = rest(input);
    Target.require(Arrays.equals(Tile.parse(rest, width(input)).write(), rest), "one form");
  }

  private static void bundle(byte[] input) throws Malformed {
    byte[] rest = rest(input);
    Target.require(Arrays.equals(EntryBundle.parse(rest, width(input)).write(), rest), "one form");
  }

  private static int width(byte[] input) {
    return 1 + (input[0] & 0xff);
  }

  private static byte[] rest(byte[] input) throws Malformed {
    if (input.length == 0) {
      throw new Malformed("input", "a width", "nothing");
    }
    return Arrays.copyOfRange(input, 1, input.length);
  }
}
