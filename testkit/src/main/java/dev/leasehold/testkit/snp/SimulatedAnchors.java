package dev.leasehold.testkit.snp;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.pki.Anchor;
import dev.leasehold.core.pki.AnchorRole;
import dev.leasehold.core.pki.Anchors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Trust anchors of a simulation that was saved to a directory: for tests and the demo only. */
public final class SimulatedAnchors {
  private static final String FILE = "ark.sha256";

  private SimulatedAnchors() {}

  public static Anchors read(Path directory) throws IOException, Malformed {
    String text = Files.readString(directory.resolve(FILE)).strip();
    String[] words = text.split(" ", -1);
    try {
      return new Anchors(List.of(new Anchor(AnchorRole.valueOf(words[1]), new Hash(words[0]))));
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw new Malformed(FILE, "a fingerprint and the role of the root", text);
    }
  }

  static void write(Path directory, AnchorRole role, Hash fingerprint) throws IOException {
    Files.writeString(directory.resolve(FILE), fingerprint + " " + role + "\n");
  }
}
