package dev.leasehold.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.seal.SecretBytes;
import dev.leasehold.core.testing.Fuzz;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ResponseStreamTest {
  private static final int FRAME = 256;
  private static final int SEALED = 1 + FRAME + 16;
  private static final Bytes ENC = Bytes.of(new byte[1120]);
  private static final Bytes RECEIPT = ascii("receipt ".repeat(100));
  private static final Bytes STAPLE = ascii("staple");
  private static final Bytes ERROR = ascii("{\"error\":1}");

  private final SecretBytes secret = SecretBytes.taking(ascii("s".repeat(32)).toArray());
  private final ResponseWriter writer = writer();
  private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

  @Test
  void anAnswerArrivesWithReceiptAndHash() throws Exception {
    byte[] text = new byte[1000];
    new Random(1).nextBytes(text);
    writer.write(Arrays.copyOf(text, 300));
    writer.write(Arrays.copyOfRange(text, 300, 1000));
    assertThat(writer.waiting()).isEqualTo(1000);
    var hash = writer.responseHash();
    writer.end(Optional.empty(), RECEIPT, STAPLE);

    Ending ending = read(body(frames()));
    assertThat(heard.toByteArray()).isEqualTo(text);
    assertThat(ending)
        .isEqualTo(new Ending.Charged(Optional.empty(), writer.salt(), RECEIPT, STAPLE));
    assertThat(hash)
        .isEqualTo(Digests.domain("leasehold/1/response", writer.salt().toArray(), text));
  }

  @Test
  void everyFrameHasOneSizeWhateverIsReady() {
    writer.write(new byte[1]);
    List<byte[]> all = new ArrayList<>(List.of(writer.frame(), writer.frame()));
    writer.write(new byte[5 * FRAME]);
    all.add(writer.frame());
    assertThat(writer.waiting()).isEqualTo(5 * FRAME - writer.capacity());
    writer.end(Optional.empty(), RECEIPT, STAPLE);
    all.addAll(frames());
    assertThat(all).allSatisfy(f -> assertThat(f).hasSize(SEALED));
    assertThat(all.stream().filter(f -> f[0] == 1)).containsExactly(all.getLast());
  }

  @Test
  void textLeavesAsItComes() throws Exception {
    List<String> order = new ArrayList<>();
    List<byte[]> all = new ArrayList<>();
    for (String word : List.of("one", "two", "three")) {
      writer.write(word.getBytes(StandardCharsets.US_ASCII));
      all.add(writer.frame());
      all.add(writer.frame());
    }
    writer.end(Optional.of(ERROR), RECEIPT, STAPLE);
    all.addAll(frames());
    reader().read(body(all), b -> order.add(new String(b, StandardCharsets.US_ASCII)));
    assertThat(order).containsExactly("one", "two", "three");
  }

  @Test
  void whatWaitsCanBeDroppedAnywhere() throws Exception {
    writer.write("a".repeat(writer.capacity() + 9).getBytes(StandardCharsets.US_ASCII));
    List<byte[]> all = new ArrayList<>(List.of(writer.frame()));
    writer.drop();
    assertThat(writer.waiting()).isZero();
    var hash = writer.responseHash();
    writer.end(Optional.empty(), RECEIPT, STAPLE);
    all.addAll(frames());
    assertThat(read(body(all))).isInstanceOf(Ending.Charged.class);
    assertThat(heard.size()).isEqualTo(writer.capacity());
    assertThat(hash)
        .isEqualTo(
            Digests.domain("leasehold/1/response", writer.salt().toArray(), heard.toByteArray()));
  }

  @Test
  void aRefusalCarriesNoReceipt() throws Exception {
    List<byte[]> all = new ArrayList<>(List.of(writer.frame()));
    writer.refuse(ERROR);
    all.addAll(frames());
    assertThat(read(body(all))).isEqualTo(new Ending.Refused(ERROR));
  }

  @Test
  void theWriterKeepsItsOwnOrder() {
    writer.write(new byte[1]);
    assertThatThrownBy(() -> writer.refuse(ERROR)).isInstanceOf(IllegalStateException.class);
    byte[] sent = writer.frame();
    assertThat(sent).hasSize(SEALED);
    assertThatThrownBy(() -> writer.refuse(ERROR)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> writer.end(Optional.empty(), Bytes.of(new byte[65_536]), STAPLE))
        .isInstanceOf(IllegalArgumentException.class);
    writer.end(Optional.empty(), RECEIPT, STAPLE);
    assertThatThrownBy(() -> writer.write(new byte[1])).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> writer.end(Optional.empty(), RECEIPT, STAPLE))
        .isInstanceOf(IllegalStateException.class);
    assertThat(frames()).isNotEmpty();
    assertThatThrownBy(writer::frame).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void frameSizesOutsideTheLeasesRangeAreBugs() {
    for (int size : new int[] {255, 16_385}) {
      assertThatThrownBy(() -> new ResponseWriter(secret, ENC, size, new SecureRandom()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** The derivation spelled out with HMAC, and the frames with the JDK's own GCM. */
  @Test
  void theBytesAreThoseOfTheSpecification() throws Exception {
    writer.write("hi".getBytes(StandardCharsets.US_ASCII));
    List<byte[]> sent = List.of(writer.frame(), writer.frame());
    byte[] salt = new ByteWriter().bytes(ENC.toArray(), writer.head()).toByteArray();
    byte[] prk = hmac(salt, secret.exposeArray());
    byte[] key = hmac(prk, "key\u0001".getBytes(StandardCharsets.US_ASCII));
    byte[] base = Arrays.copyOf(hmac(prk, "nonce\u0001".getBytes(StandardCharsets.US_ASCII)), 12);
    byte[] first =
        new ByteWriter()
            .u16(7)
            .u32(2)
            .u8(1)
            .bytes("hi".getBytes(StandardCharsets.US_ASCII))
            .zeros(FRAME - 9)
            .toByteArray();
    assertThat(open(key, base, 0, sent.get(0))).isEqualTo(first);
    assertThat(open(key, base, 1, sent.get(1))).isEqualTo(new byte[FRAME]);
  }

  @Test
  void anyChangeToTheFramesIsRefused() {
    writer.write(new byte[600]);
    writer.end(Optional.empty(), RECEIPT, STAPLE);
    List<byte[]> good = frames();
    int n = good.size();
    assertThat(n).isGreaterThan(4);

    for (int i = 0; i < n; i++) {
      for (int at : new int[] {0, 1, SEALED / 2, SEALED - 1}) {
        List<byte[]> flipped = copy(good);
        flipped.get(i)[at] ^= 1;
        assertRefused(flipped, "frame " + i);
      }
      List<byte[]> lost = copy(good);
      lost.remove(i);
      assertRefused(lost, "frame");
      List<byte[]> twice = copy(good);
      twice.add(i, good.get(i));
      assertRefused(twice, i == n - 1 ? "nothing after the last frame" : "frame");
    }
    List<byte[]> swapped = copy(good);
    swapped.set(0, good.get(1));
    swapped.set(1, good.get(0));
    assertRefused(swapped, "frame 0");
    assertRefused(good.subList(0, n - 1), "no last frame yet");
    List<byte[]> kind = copy(good);
    kind.getFirst()[0] = 2;
    assertRefused(kind, "expected 0 or 1, found 2");
  }

  @Tag("CO-07")
  @Test
  void aStreamCutAnywhereIsRefused() {
    writer.write(new byte[100]);
    writer.end(Optional.empty(), RECEIPT, STAPLE);
    byte[] whole = bytes(frames());
    for (int length = 0; length < whole.length; length += 7) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> read(new ByteArrayInputStream(cut)))
          .isInstanceOf(Malformed.class)
          .hasMessageContaining("no last frame yet");
    }
  }

  @Test
  void framesOfAnotherAnswerAreRefused() {
    ResponseWriter other = writer();
    other.write(new byte[10]);
    writer.write(new byte[10]);
    List<byte[]> joined = new ArrayList<>(List.of(writer.frame()));
    assertThat(other.frame()).hasSize(SEALED);
    other.end(Optional.empty(), RECEIPT, STAPLE);
    while (!other.hasEnded()) {
      joined.add(other.frame());
    }
    assertRefused(joined, "frame 1");
  }

  @Tag("CO-03")
  @Test
  void anotherSecretOrRequestOpensNothing() {
    writer.end(Optional.empty(), RECEIPT, STAPLE);
    byte[] whole = bytes(frames());
    SecretBytes otherSecret = SecretBytes.taking(new byte[32]);
    Bytes otherEnc = Bytes.of(Arrays.copyOf(new byte[] {1}, 1120));
    for (ResponseReader reader :
        List.of(
            new ResponseReader(otherSecret, ENC, FRAME),
            new ResponseReader(secret, otherEnc, FRAME),
            new ResponseReader(secret, ENC, FRAME + 1))) {
      assertThatThrownBy(() -> reader.read(new ByteArrayInputStream(whole), b -> {}))
          .isInstanceOf(Malformed.class);
    }
  }

  /** What only the holder of the keys could send: every rule about plaintext on its own. */
  @Test
  void plaintextsAreChecked() {
    byte[] salt = record(5, new byte[32]);
    byte[] receipt = record(2, RECEIPT.toArray());
    byte[] staple = record(3, STAPLE.toArray());
    byte[] error = record(4, ERROR.toArray());
    byte[] text = record(1, new byte[3]);

    assertAccepted(salt, receipt, staple);
    assertAccepted(text, text, salt, receipt, staple);
    assertAccepted(text, error, salt, receipt, staple);
    assertAccepted(record(1, new byte[0]), salt, receipt, staple);
    assertAccepted(error);

    String order = "response.record: expected after ";
    assertForged(order, salt, text, receipt, staple);
    assertForged(order, receipt, salt, staple);
    assertForged(order, salt, staple, receipt);
    assertForged(order, salt, salt, receipt, staple);
    assertForged(order, salt, receipt, receipt, staple);
    assertForged(order, salt, receipt, staple, staple);
    assertForged(order, salt, receipt, staple, text);
    assertForged(order, staple);
    assertForged(order, error, error);
    assertForged(order, error, text, salt, receipt, staple);

    String end = "response: expected salt, receipt and staple, or only an error";
    assertForged(end);
    assertForged(end, text);
    assertForged(end, text, error);
    assertForged(end, salt, receipt);

    assertForged("response.record.type", record(0, new byte[0]));
    assertForged("response.record.type", record(6, new byte[0]));
    assertForged("response.record.len", record(5, new byte[31]));
    assertForged("response.record.len", record(5, new byte[33]));
    assertForged("response.record.len", record(4, new byte[0]));
    assertForged("response.record.len", new ByteWriter().u32(0xffffffffL).u8(2).toByteArray());
    assertForged("response.record.len", new ByteWriter().u32((1 << 24) + 1).u8(1).toByteArray());
    assertForged("response.record: expected a whole record", Arrays.copyOf(salt, salt.length - 1));
    assertForged("response.record: expected a whole record", new byte[3]);
  }

  @Test
  void paddingAndLengthsOfAFrameAreChecked() {
    byte[] overlong = new byte[FRAME];
    overlong[0] = (byte) 0xff;
    assertForgedFrame("response.frame 0.content", overlong);
    byte[] byOne = new ByteWriter().u16(FRAME - 1).zeros(FRAME - 2).toByteArray();
    assertForgedFrame("response.frame 0.content", byOne);
    byte[] dirty = new byte[FRAME];
    dirty[FRAME - 1] = 1;
    assertForgedFrame("response.frame 0.padding", dirty);
  }

  @Test
  void mutatedPlaintextsAreReadOrRefused() throws Exception {
    byte[] valid =
        new ByteWriter()
            .bytes(record(1, new byte[40]), record(5, new byte[32]))
            .bytes(record(2, ascii("receipt").toArray()), record(3, STAPLE.toArray()))
            .toByteArray();
    Fuzz.mutate(
        8,
        valid,
        3000,
        input -> {
          try {
            read(new ByteArrayInputStream(forge(input)));
          } catch (Malformed expected) {
            assertThat(expected.field()).startsWith("response");
          }
        });
  }

  @Test
  void aSinkThatFailsEndsReading() {
    writer.write(new byte[1]);
    writer.end(Optional.empty(), RECEIPT, STAPLE);
    List<byte[]> all = frames();
    assertThatThrownBy(() ->
            reader()
                .read(
                    body(all),
                    b -> {
                      throw new IOException("gone");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("gone");
  }

  private void assertAccepted(byte[]... records) {
    try {
      assertThat(read(new ByteArrayInputStream(forge(records)))).isNotNull();
    } catch (IOException | Malformed e) {
      throw new AssertionError(e);
    }
  }

  private void assertForged(String message, byte[]... records) {
    assertThatThrownBy(() -> read(new ByteArrayInputStream(forge(records))))
        .isInstanceOf(Malformed.class)
        .hasMessageStartingWith(message);
  }

  private void assertForgedFrame(String message, byte[] plain) {
    byte[] rn = new byte[32];
    try (FrameCipher cipher = new FrameCipher(secret, ENC, rn, FRAME)) {
      byte[] body = new ByteWriter().bytes(rn, cipher.seal(FrameCipher.LAST, plain)).toByteArray();
      assertThatThrownBy(() -> read(new ByteArrayInputStream(body)))
          .isInstanceOf(Malformed.class)
          .hasMessageStartingWith(message);
    }
  }

  /** Genuine frames around any bytes. */
  private byte[] forge(byte[]... records) {
    byte[] content = new ByteWriter().bytes(records).toByteArray();
    byte[] rn = new byte[32];
    ByteWriter out = new ByteWriter().bytes(rn);
    try (FrameCipher cipher = new FrameCipher(secret, ENC, rn, FRAME)) {
      int at = 0;
      do {
        int n = Math.min(FRAME - 2, content.length - at);
        byte[] part = Arrays.copyOfRange(content, at, at + n);
        at += n;
        byte[] plain = new ByteWriter().u16(n).bytes(part).zeros(FRAME - 2 - n).toByteArray();
        out.bytes(cipher.seal(at == content.length ? FrameCipher.LAST : FrameCipher.MORE, plain));
      } while (at < content.length);
    }
    return out.toByteArray();
  }

  private void assertRefused(List<byte[]> frames, String message) {
    assertThatThrownBy(() -> read(body(frames)))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining(message);
  }

  private List<byte[]> frames() {
    List<byte[]> out = new ArrayList<>();
    while (!writer.hasEnded()) {
      out.add(writer.frame());
    }
    return out;
  }

  private byte[] bytes(List<byte[]> frames) {
    return new ByteWriter().bytes(writer.head()).bytes(frames.toArray(new byte[0][])).toByteArray();
  }

  private ByteArrayInputStream body(List<byte[]> frames) {
    return new ByteArrayInputStream(bytes(frames));
  }

  private Ending read(ByteArrayInputStream body) throws IOException, Malformed {
    return reader().read(body, heard::writeBytes);
  }

  private ResponseReader reader() {
    return new ResponseReader(secret, ENC, FRAME);
  }

  private ResponseWriter writer() {
    return new ResponseWriter(secret, ENC, FRAME, new SecureRandom());
  }

  private static List<byte[]> copy(List<byte[]> frames) {
    return new ArrayList<>(frames.stream().map(byte[]::clone).toList());
  }

  private static byte[] record(int type, byte[] data) {
    return new ByteWriter().u32(data.length).u8(type).bytes(data).toByteArray();
  }

  private static Bytes ascii(String s) {
    return Bytes.of(s.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] hmac(byte[] key, byte[] data) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(data);
  }

  private static byte[] open(byte[] key, byte[] base, int i, byte[] frame) throws Exception {
    byte[] nonce = base.clone();
    nonce[11] ^= (byte) i;
    Cipher gcm = Cipher.getInstance("AES/GCM/NoPadding", "SunJCE");
    gcm.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
    gcm.updateAAD("leasehold/1/frame\0".getBytes(StandardCharsets.US_ASCII));
    gcm.updateAAD(new byte[] {frame[0]});
    return gcm.doFinal(frame, 1, frame.length - 1);
  }
}
