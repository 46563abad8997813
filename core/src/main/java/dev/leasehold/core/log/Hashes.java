package dev.leasehold.core.log;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import java.util.ArrayList;
import java.util.List;

/** The hashes of a proof as they travel. */
final class Hashes {
  private Hashes() {}

  static List<Bytes> encode(List<Hash> hashes) {
    return hashes.stream().map(h -> Bytes.of(h.bytes())).toList();
  }

  static List<Hash> decode(List<Bytes> proof) throws Malformed {
    List<Hash> out = new ArrayList<>();
    for (Bytes b : proof) {
      if (b.length() != Hash.BYTES) {
        throw new Malformed("proof[" + out.size() + "]", "32 bytes", b.length() + " bytes");
      }
      out.add(Hash.of(b.toArray()));
    }
    return out;
  }
}
