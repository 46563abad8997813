package dev.leasehold.core.hpke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.hpke.DekTransport.Release;
import dev.leasehold.core.seal.DekMessage;
import dev.leasehold.core.seal.OpenFailed;
import dev.leasehold.core.seal.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DekTransportTest {
  private static final Hash A = new Hash("aa".repeat(32));
  private static final Hash B = new Hash("bb".repeat(32));
  private static final Hash C = new Hash("cc".repeat(32));
  private static final Hash D = new Hash("dd".repeat(32));
  private static final Release RELEASE = new Release(A, B, C, D);

  private final HpkeKeyPair pair = HpkeKeyPair.generate();
  private final DekMessage dek =
      new DekMessage(
          new Id("ab".repeat(16)),
          SecretBytes.taking("k".repeat(32).getBytes(StandardCharsets.US_ASCII)));

  @Test
  void aReleasedKeyArrives() throws Exception {
    Sealed sealed = DekTransport.sealForRelease(pair.publicKey(), RELEASE, dek);
    try (DekMessage opened = DekTransport.openRelease(pair, RELEASE, sealed)) {
      assertThat(opened.dekId()).isEqualTo(dek.dekId());
      assertThat(opened.dek().matches(dek.dek())).isTrue();
    }
  }

  @Test
  void aReleaseIsBoundToEvidenceGrantLeaseAndPackage() {
    Sealed sealed = DekTransport.sealForRelease(pair.publicKey(), RELEASE, dek);
    for (Release other :
        List.of(
            new Release(D, B, C, D),
            new Release(A, A, C, D),
            new Release(A, B, A, D),
            new Release(A, B, C, A),
            new Release(B, A, C, D),
            new Release(A, B, D, C))) {
      assertThatThrownBy(() -> DekTransport.openRelease(pair, other, sealed))
          .isInstanceOf(OpenFailed.class);
    }
  }

  @Test
  void anImportedKeyArrivesForItsPackageOnly() throws Exception {
    Sealed sealed = DekTransport.sealForImport(pair.publicKey(), A, dek);
    try (DekMessage opened = DekTransport.openImport(pair, A, sealed)) {
      assertThat(opened.dek().matches(dek.dek())).isTrue();
    }
    assertThatThrownBy(() -> DekTransport.openImport(pair, B, sealed))
        .isInstanceOf(OpenFailed.class);
    assertThatThrownBy(() -> DekTransport.openRelease(pair, RELEASE, sealed))
        .isInstanceOf(OpenFailed.class);
  }

  @Test
  void theBytesAreThoseOfTheSpecification() throws Exception {
    byte[] info =
        new ByteWriter()
            .bytes("leasehold/1/key-release\0".getBytes(StandardCharsets.US_ASCII))
            .bytes(A.bytes(), B.bytes())
            .toByteArray();
    byte[] aad = new ByteWriter().bytes(C.bytes(), D.bytes()).toByteArray();
    byte[] plain =
        new ByteWriter().u8(1).bytes(dek.dekId().bytes(), dek.dek().exposeArray()).toByteArray();
    Sealed sealed = DekTransport.sealForRelease(pair.publicKey(), RELEASE, dek);
    assertThat(Hpke.open(pair, sealed, info, aad)).isEqualTo(plain);
  }

  @Test
  void anyOtherPlaintextIsAsIfItHadNotOpened() {
    byte[] good = dek.exposeEncoded();
    assertThatThrownBy(() -> DekMessage.taking(Arrays.copyOf(good, 48)))
        .isInstanceOf(OpenFailed.class);
    assertThatThrownBy(() -> DekMessage.taking(Arrays.copyOf(good, 50)))
        .isInstanceOf(OpenFailed.class);
    good[0] = 2;
    assertThatThrownBy(() -> DekMessage.taking(good)).isInstanceOf(OpenFailed.class);
    assertThat(good).as("overwritten").containsOnly(0);
    assertThatThrownBy(() -> new DekMessage(dek.dekId(), SecretBytes.taking(new byte[31])))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
