package dev.leasehold.core.dsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.Roster;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The vectors of protocol §20 and the envelope games of abuse row AR-18. */
class DsseTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final byte[] SEED =
      HEX.parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  private static final String PUBLIC =
      "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8";
  private static final String KEYID =
      "1d428a782cc0a73667f1fccaf6634ba01ce6e912fe27318f2e26757a444f9475";

  private record Demo(String hello) {}

  private static final Kind<Demo> DEMO = Kind.of("demo", Demo.class);
  private static final Kind<Demo> OTHER = Kind.of("other", Demo.class);

  private final Ed25519Signer signer = Ed25519Signer.fromSeed(SEED);
  private final Signed<Demo> signed = Dsse.sign(DEMO, new Demo("world"), signer);

  @Test
  void publishedKey() {
    assertThat(HEX.formatHex(signer.key().ed25519().toArray())).isEqualTo(PUBLIC);
    assertThat(signer.key().keyid().hex()).isEqualTo(KEYID);
    assertThat(Roster.approverSet(1, List.of(signer.key())).hex())
        .isEqualTo("cc3fd7283be57b12bbf7649b1a8719880c602d7ccdcce5dc009ed24e91c1e0e9");
  }

  @Test
  void publishedSignature() {
    assertThat(new String(signed.envelope().preAuthenticationEncoding(), StandardCharsets.UTF_8))
        .isEqualTo(
            "DSSEv1 38 application/vnd.leasehold.demo.v1+json 23 {\"v\":1,\"hello\":\"world\"}");
    assertThat(signed.envelope().signatures().getFirst().sig().base64())
        .isEqualTo(
            "e9gzIpNJLC3Tmgjq8T1mg1LM8DPekEc5XS2YzRQ/OS52p72Fp3jOIhZ90BO0Ucn+6f0S8GlVqI0xTaEks4OqAw==");
    assertThat(signed.hash().hex())
        .isEqualTo("5243bb0331c0cef4e6c5668802c53eb69ec0b08bcacf66bad9b4ca9502c27b97");
  }

  @Test
  void publishedLeafAndReportData() {
    byte[] entry = signed.envelope().write().getBytes(StandardCharsets.UTF_8);
    assertThat(Digests.sha256(new byte[1], entry).hex())
        .isEqualTo("102c18b2ffae0430df9c0bf1efa1202a156223eb2ae682be53d34878188fcafd");
    assertThat(HEX.formatHex(Digests.reportData(signed.hash())))
        .isEqualTo(
            "745e3ce3dc29675c027ff86d8e1533f6181bc0ec5eebdc52d7500c1ca94de967"
                + "85c0ac74a1eb0fd4c256787ac066f9b9a61206c4860828b01008483e5a49efab");
    assertThat(Digests.domain("leasehold/1/gpu-nonce", new byte[32], HEX.parseHex(PUBLIC)).hex())
        .isEqualTo("b9d9294519c224791f1b3970d86eefad55d5f924dc7a68ef42ec89f80cbdfb04");
  }

  @Test
  void opensWhatItSigned() throws Exception {
    Envelope parsed = reparse(signed.envelope());
    assertThat(parsed).isEqualTo(signed.envelope());
    assertThat(Dsse.open(DEMO, parsed, signer.key()).body()).isEqualTo(new Demo("world"));
  }

  @Test
  void everyFlippedPayloadOrSignatureByteIsRefused() {
    Envelope e = signed.envelope();
    byte[] payload = e.payload().toArray();
    for (int i = 0; i < payload.length; i++) {
      byte[] bad = payload.clone();
      bad[i] ^= 1;
      Envelope tampered = new Envelope(e.payloadType(), Bytes.of(bad), e.signatures());
      assertThatThrownBy(() -> Dsse.open(DEMO, tampered, signer.key()))
          .isInstanceOf(BadSignature.class);
    }
    byte[] sig = e.signatures().getFirst().sig().toArray();
    for (int i = 0; i < sig.length; i++) {
      byte[] bad = sig.clone();
      bad[i] ^= 1;
      Envelope tampered = withSignatures(new SignatureEntry(KEYID, Bytes.of(bad)));
      assertThatThrownBy(() -> Dsse.open(DEMO, tampered, signer.key()))
          .isInstanceOf(BadSignature.class)
          .hasMessageContaining("is wrong");
    }
  }

  @Tag("AR-18")
  @Test
  void anotherKindIsRefusedBeforeItsPayloadIsParsed() {
    assertThatThrownBy(() -> Dsse.open(OTHER, signed.envelope(), signer.key()))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("payloadType");
  }

  @Test
  void aKeyidThatIsNoHashIsMalformed() {
    String text = signed.envelope().write();
    for (String bad : new String[] {KEYID.replace('1', 'M'), KEYID.substring(1), KEYID + "x"}) {
      byte[] bytes = text.replace(KEYID, bad).getBytes(StandardCharsets.UTF_8);
      assertThatThrownBy(() -> Envelope.parse("envelope", bytes))
          .isInstanceOf(Malformed.class)
          .hasMessageContaining("64 lowercase hex digits");
    }
  }

  @Tag("AR-18")
  @Test
  void unknownRepeatedAndMissingSignersAreRefused() {
    SignatureEntry mine = signed.envelope().signatures().getFirst();
    Signer stranger = Ed25519Signer.generate(new SecureRandom());
    SignatureEntry theirs = stranger.sign(signed.envelope().preAuthenticationEncoding()).getFirst();
    assertRefused(withSignatures(mine, theirs), "not a key allowed");
    assertRefused(withSignatures(mine, mine), "two signatures");
    assertRefused(withSignatures(), "no signature");
  }

  @Test
  void hybridKeysCountOnlyWithBothSignatures() throws Exception {
    KeyPair pq = KeyPairGenerator.getInstance("ML-DSA-65").generateKeyPair();
    byte[] x509 = pq.getPublic().getEncoded();
    KeyRecord hybrid =
        KeyRecord.hybrid(
            signer.key().ed25519(),
            Bytes.of(Arrays.copyOfRange(x509, x509.length - 1952, x509.length)));
    byte[] message = signed.envelope().preAuthenticationEncoding();
    SignatureEntry classic =
        new SignatureEntry(hybrid.keyid().hex(), signer.sign(message).getFirst().sig());
    Signature s = Signature.getInstance("ML-DSA-65");
    s.initSign(pq.getPrivate());
    s.update(message);
    SignatureEntry quantum =
        new SignatureEntry(hybrid.keyid().hex() + ".mldsa65", Bytes.of(s.sign()));

    assertThat(Dsse.open(DEMO, withSignatures(classic, quantum), hybrid).signers())
        .containsExactly(hybrid.keyid());
    assertThatThrownBy(() -> Dsse.open(DEMO, withSignatures(classic), hybrid))
        .hasMessageContaining("only one of them");
    assertThatThrownBy(() -> Dsse.open(DEMO, withSignatures(quantum), hybrid))
        .hasMessageContaining("only one of them");
    SignatureEntry unlisted = new SignatureEntry(KEYID + ".mldsa65", quantum.sig());
    SignatureEntry mine = signed.envelope().signatures().getFirst();
    assertRefused(withSignatures(mine, unlisted), "is wrong");
  }

  @Test
  void aKeyRecordWithAnotherKeyidCannotExist() {
    assertThatThrownBy(
            () -> new KeyRecord(new Hash("00".repeat(32)), signer.key().ed25519(), Bytes.EMPTY))
        .hasMessageContaining("keyid");
  }

  @Tag("AR-18")
  @Test
  void nonCanonicalBase64IsRefused() {
    Json.Obj json = signed.envelope().toJson().with("payload", "eyJ2IjoxLCJoZWxsbyI6IndvcmxkIn1=");
    assertThatThrownBy(
            () -> Envelope.parse("envelope", json.write().getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("payload");
  }

  private void assertRefused(Envelope e, String reason) {
    assertThatThrownBy(() -> Dsse.open(DEMO, e, signer.key()))
        .isInstanceOf(BadSignature.class)
        .hasMessageContaining(reason);
  }

  private Envelope withSignatures(SignatureEntry... entries) {
    return new Envelope(DEMO.payloadType(), signed.envelope().payload(), List.of(entries));
  }

  private static Envelope reparse(Envelope e) throws Malformed {
    return Envelope.parse("envelope", e.write().getBytes(StandardCharsets.UTF_8));
  }
}
