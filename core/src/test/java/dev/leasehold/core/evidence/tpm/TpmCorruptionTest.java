package dev.leasehold.core.evidence.tpm;

import static dev.leasehold.core.testing.Scale.NIGHTLY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.testing.Fuzz;
import dev.leasehold.core.testing.Garbage;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No byte of a genuine quote can change unnoticed; what else is sent can change nothing proven. */
class TpmCorruptionTest {
  /** In gce-nonce9009.pb: tag and length of {@code ak_pub}, then its parts. */
  private static final int AREA = 3;

  private static final int MODULUS = AREA + 24;
  private static final int QUOTES = AREA + 280;

  @ParameterizedTest
  @EnumSource
  void everyByteOfStatementAndSignatureIsGuarded(TpmVectors.Case c) throws Malformed {
    TpmEvidence evidence = c.evidence();
    Collateral enrolled = c.enrolled();
    for (TpmQuote quote : evidence.quotes()) {
      byte[] message = quote.attest().signed().toArray();
      for (int i = 0; i < message.length; i++) {
        byte[] changed = Fuzz.flipped(message, i);
        assertThat(genuine(evidence, enrolled, () -> quote(quote, TpmAttest.parse(changed))))
            .as("byte %d of the statement", i)
            .isFalse();
      }
      byte[] signature = quote.signature().value().toArray();
      for (int i = 0; i < signature.length; i++) {
        byte[] changed = tpmt(quote.signature(), Fuzz.flipped(signature, i));
        TpmSignature other = TpmSignature.parse(changed);
        assertThat(
                genuine(
                    evidence, enrolled, () -> new TpmQuote(quote.attest(), other, quote.pcrs())))
            .as("byte %d of the signature", i)
            .isFalse();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyRegisterIsGuarded(TpmVectors.Case c) throws Malformed {
    TpmEvidence evidence = c.evidence();
    Collateral enrolled = c.enrolled();
    for (TpmQuote quote : evidence.quotes()) {
      for (var bank : quote.pcrs().entrySet()) {
        for (int pcr : bank.getValue().keySet()) {
          for (int i = pcr % 16; i < bank.getKey().bytes(); i += NIGHTLY ? 1 : 16) {
            Map<Integer, HexBytes> values = new HashMap<>(bank.getValue());
            int at = i;
            values.computeIfPresent(pcr, (k, v) -> HexBytes.of(Fuzz.flipped(v.bytes(), at)));
            assertThat(genuine(evidence, enrolled, () -> quote(quote, bank.getKey(), values)))
                .isFalse();
          }
        }
      }
    }
  }

  /** Of the container all but key and quotes may change, and then nothing else is believed. */
  @Test
  void whatSurvivesInTheContainerIsProvenByNothing() throws Malformed {
    TpmVectors.Case c = TpmVectors.Case.GCE;
    byte[] container = c.bytes();
    Collateral enrolled = c.enrolled();
    TpmClaims original = TpmVectorsTest.claims(TpmVectors.verify(c.evidence(), enrolled));
    int log = logOffset(container);
    Set<String> believed = believed(original.log().orElseThrow());
    for (int i = 0; i < container.length; i += NIGHTLY || i < QUOTES ? 1 : 16) {
      TpmClaims claims = accepted(Fuzz.flipped(container, i), enrolled);
      if (claims == null) {
        continue;
      }
      // The area beside the key: what the key may do is vouched for by whoever enrolled it.
      // The log: types of events, and data that no digest is of. Behind it the certificate.
      boolean outside = (i >= AREA && i < MODULUS) || i >= log;
      assertThat(outside).as("byte %d", i).isTrue();
      assertThat(claims.banks()).isEqualTo(original.banks());
      assertThat(claims.extraData()).isEqualTo(original.extraData());
      claims.log().ifPresent(l -> assertThat(believed).containsAll(believed(l)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneByteLessOrMoreIsNoEvidence(TpmVectors.Case c) {
    byte[] bytes = c.bytes();
    int end = bytes.length - trailingSpace(bytes);
    for (int length : new int[] {0, 1, end - 1, bytes.length + 1}) {
      assertThatThrownBy(() -> TpmEvidence.parse(Arrays.copyOf(bytes, length)))
          .isInstanceOf(Malformed.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void mutationsOfContainersNeverEscapeTheParser(TpmVectors.Case c) throws Exception {
    Fuzz.mutate(
        20_261_201, c.bytes(), 300, b -> Garbage.parsedOrMalformed(() -> TpmEvidence.parse(b)));
  }

  @Test
  void mutationsOfStructuresNeverEscapeTheirParsers() throws Exception {
    TpmQuote quote = TpmVectors.Case.GCE.evidence().quotes().getFirst();
    byte[] attest = quote.attest().signed().toArray();
    Fuzz.mutate(
        20_261_202, attest, 5_000, b -> Garbage.parsedOrMalformed(() -> TpmAttest.parse(b)));
    byte[] signature = tpmt(quote.signature(), quote.signature().value().toArray());
    Fuzz.mutate(
        20_261_203, signature, 2_000, b -> Garbage.parsedOrMalformed(() -> TpmSignature.parse(b)));
    byte[] area = Arrays.copyOfRange(TpmVectors.Case.GCE.bytes(), AREA, QUOTES);
    Fuzz.mutate(20_261_204, area, 2_000, b -> Garbage.parsedOrMalformed(() -> TpmPublic.parse(b)));
    byte[] log = TpmVectors.bytes("log-ebs-event-missing.bin");
    Fuzz.mutate(20_261_205, log, 500, b -> Garbage.parsedOrMalformed(() -> EventLog.parse(b)));
    Fuzz.mutate(
        20_261_206, log, 500, b -> Garbage.parsedOrMalformed(() -> EventLog.parsePadded(b)));
    byte[] agile = Arrays.copyOf(TpmVectors.bytes("log-ubuntu2404-snp.bin"), 6_000);
    Fuzz.mutate(
        20_261_207, agile, 1_000, b -> Garbage.parsedOrMalformed(() -> EventLog.parsePadded(b)));
  }

  @Test
  void aMegabyteOfGarbageIsRefusedAtOnce() {
    for (byte[] garbage : Garbage.samples(TpmVectors.bytes("log-ubuntu2404-snp.bin"))) {
      Garbage.refusedAtOnce(() -> TpmEvidence.parse(garbage));
      Garbage.refusedAtOnce(() -> EventLog.parse(garbage));
      Garbage.refusedAtOnce(() -> EventLog.parsePadded(garbage));
      Garbage.refusedAtOnce(() -> TpmAttest.parse(garbage));
      Garbage.refusedAtOnce(() -> TpmSignature.parse(garbage));
      Garbage.refusedAtOnce(() -> TpmPublic.parse(garbage));
    }
  }

  /** Index and data of the events that a digest speaks for; their types nothing speaks for. */
  private static Set<String> believed(EventLog log) {
    Set<String> out = new HashSet<>();
    for (EventLog.Event e : log.events()) {
      if (e.extendsRegister()) {
        e.measuredData(TpmHash.SHA256).ifPresent(data -> out.add(e.index() + " " + data));
      }
    }
    return out;
  }

  private static @Nullable TpmClaims accepted(byte[] container, Collateral enrolled) {
    try {
      Verdict verdict = TpmVectors.verify(TpmEvidence.parse(container), enrolled);
      return verdict instanceof Verdict.Genuine(TpmClaims claims, _)
              && TpmVectorsTest.refused(claims).isEmpty()
          ? claims
          : null;
    } catch (Malformed e) {
      return null;
    }
  }

  /** Tag and length of {@code event_log}: the first field 3 of three bytes of length. */
  private static int logOffset(byte[] container) {
    String hex = HexBytes.of(container).hex();
    return hex.indexOf("1aa2bb01") / 2;
  }

  private static int trailingSpace(byte[] bytes) {
    return bytes[bytes.length - 1] == '\n' ? 1 : 0;
  }

  /** Makes a quote. */
  @FunctionalInterface
  private interface Change {
    TpmQuote quote() throws Malformed;
  }

  /** The evidence with its first quote, or the one of that bank, replaced. */
  private static boolean genuine(TpmEvidence e, Collateral enrolled, Change change) {
    try {
      TpmQuote changed = change.quote();
      List<TpmQuote> quotes = new ArrayList<>(e.quotes());
      quotes.replaceAll(q -> q.pcrs().keySet().equals(changed.pcrs().keySet()) ? changed : q);
      TpmEvidence other = new TpmEvidence(quotes, e.key(), e.area(), e.certificates(), e.log());
      return TpmVectors.verify(other, enrolled) instanceof Verdict.Genuine;
    } catch (Malformed malformed) {
      return false;
    }
  }

  private static TpmQuote quote(TpmQuote q, TpmAttest attest) {
    return new TpmQuote(attest, q.signature(), q.pcrs());
  }

  private static TpmQuote quote(TpmQuote q, TpmHash bank, Map<Integer, HexBytes> values) {
    SortedMap<Integer, HexBytes> sorted = new TreeMap<>(values);
    return new TpmQuote(q.attest(), q.signature(), Map.of(bank, sorted));
  }

  private static byte[] tpmt(TpmSignature signature, byte[] value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0, 0x14, 0, (byte) signature.hash().id(), 1, 0});
    out.writeBytes(value);
    return out.toByteArray();
  }
}
