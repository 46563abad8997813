package dev.leasehold.core.dsse;

import java.util.List;

/** Something that can sign under one key record: a private key, or the device that holds it. */
public interface Signer {
  KeyRecord key();

  /** The entries of this key (one, or two for a hybrid key) over the given bytes. */
  List<SignatureEntry> sign(byte[] message);
}
