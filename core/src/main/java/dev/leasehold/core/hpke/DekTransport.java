package dev.leasehold.core.hpke;

import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.seal.DekMessage;
import dev.leasehold.core.seal.OpenFailed;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The two ways of a DEK, each bound to what it is for (protocol §5, table). */
public final class DekTransport {
  private static final byte[] NO_AAD = {};

  private DekTransport() {}

  /**
   * What a key release is bound to: this enclave, this first grant, this lease, this package.
   *
   * @param evidence H(evidence)
   * @param grant H(grant 0)
   * @param lease H(lease)
   * @param modelPackage H(package)
   */
  public record Release(Hash evidence, Hash grant, Hash lease, Hash modelPackage) {
    private byte[] info() {
      return labelled("leasehold/1/key-release", evidence, grant);
    }

    private byte[] aad() {
      return new ByteWriter().bytes(lease.bytes(), modelPackage.bytes()).toByteArray();
    }
  }

  /** Seals the DEK of a new package to the custodian's import key. */
  public static Sealed sealForImport(HpkePublicKey importKey, Hash modelPackage, DekMessage dek) {
    return seal(importKey, importInfo(modelPackage), NO_AAD, dek);
  }

  public static DekMessage openImport(HpkeKeyPair importKey, Hash modelPackage, Sealed sealed)
      throws OpenFailed {
    return DekMessage.taking(Hpke.open(importKey, sealed, importInfo(modelPackage), NO_AAD));
  }

  /** Seals the DEK to the key in an enclave's evidence. */
  public static Sealed sealForRelease(HpkePublicKey sk, Release release, DekMessage dek) {
    return seal(sk, release.info(), release.aad(), dek);
  }

  public static DekMessage openRelease(HpkeKeyPair sk, Release release, Sealed sealed)
      throws OpenFailed {
    return DekMessage.taking(Hpke.open(sk, sealed, release.info(), release.aad()));
  }

  private static Sealed seal(HpkePublicKey to, byte[] info, byte[] aad, DekMessage dek) {
    byte[] plaintext = dek.exposeEncoded();
    try {
      return Hpke.seal(to, info, aad, plaintext);
    } finally {
      Arrays.fill(plaintext, (byte) 0);
    }
  }

  private static byte[] importInfo(Hash modelPackage) {
    return labelled("leasehold/1/dek-import", modelPackage);
  }

  private static byte[] labelled(String label, Hash... hashes) {
    ByteWriter out = new ByteWriter().bytes(label.getBytes(StandardCharsets.US_ASCII)).u8(0);
    for (Hash h : hashes) {
      out.bytes(h.bytes());
    }
    return out.toByteArray();
  }
}
