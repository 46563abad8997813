package dev.leasehold.core.evidence.tpm;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.Check;
import java.io.ByteArrayOutputStream;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The steps that show register values to be those of the TPM that holds a key already bound. One
 * method a step; the first that fails ends it.
 */
public final class QuoteChecks {
  private static final String ATTEST = "TPM 2.0 Part 2, TPMS_ATTEST";
  private static final String QUOTE = "TPM 2.0 Part 3, TPM2_Quote";

  private final List<TpmQuote> quotes;
  private final PublicKey key;

  private QuoteChecks(List<TpmQuote> quotes, PublicKey key) {
    this.quotes = quotes;
    this.key = key;
  }

  /** The steps for quotes said to be by {@code key}, to be taken in order. */
  public static List<Supplier<Check>> of(List<TpmQuote> quotes, PublicKey key) {
    QuoteChecks q = new QuoteChecks(List.copyOf(quotes), key);
    return List.of(
        q::keySignedEveryQuote,
        q::quotesAreOfOneMoment,
        q::registersSentAreThoseQuoted,
        q::registersHashToTheQuotedDigest);
  }

  private Check keySignedEveryQuote() {
    List<String> bad =
        quotes.stream()
            .filter(q -> !q.signature().verifies(key, q.attest().signed().toArray()))
            .map(q -> q.signature() + " over " + q.attest().selections())
            .toList();
    return Check.of(
        bad.isEmpty(),
        "signature",
        "every quote signed by the attestation key",
        bad.isEmpty() ? quotes.getFirst().signature() + ", verified" : "not verified: " + bad,
        "TPM 2.0 Part 2, TPMT_SIGNATURE",
        "take a new quote and send it unchanged with the key that signed it");
  }

  /** Else one quote could be of another boot, or answer another challenge, than the next. */
  private Check quotesAreOfOneMoment() {
    Set<String> moments =
        quotes.stream()
            .map(TpmQuote::attest)
            .map(a ->
                "nonce "
                    + a.extraData()
                    + " reset "
                    + a.resetCount()
                    + " restart "
                    + a.restartCount()
                    + " by "
                    + a.qualifiedSigner())
            .collect(Collectors.toSet());
    return Check.of(
        moments.size() == 1,
        "one-moment",
        "one nonce, boot and signer in all quotes",
        moments.size() == 1 ? "one" : moments.toString(),
        ATTEST,
        "quote all banks for one challenge, one after the other");
  }

  /** A value that is sent but not selected proves nothing (CVE-2022-0317). */
  private Check registersSentAreThoseQuoted() {
    for (TpmQuote quote : quotes) {
      Map<TpmHash, Set<Integer>> selected = selected(quote.attest());
      Map<TpmHash, Set<Integer>> sent = sent(quote);
      if (!selected.equals(sent)) {
        return Check.failed(
            "pcr-selection",
            "values of exactly the registers selected: " + selected,
            "values of " + sent,
            QUOTE,
            "send the value of every register the quote selects and no other");
      }
    }
    String got =
        quotes.stream()
            .map(q -> q.attest().selections().toString())
            .collect(Collectors.joining("; "));
    return Check.passed("pcr-selection", "values of exactly the registers selected", got, QUOTE);
  }

  private static Map<TpmHash, Set<Integer>> selected(TpmAttest attest) {
    Map<TpmHash, Set<Integer>> out = new EnumMap<>(TpmHash.class);
    attest.selections().stream()
        .filter(s -> !s.pcrs().isEmpty())
        .forEach(s -> out.put(s.bank(), s.pcrs()));
    return out;
  }

  private static Map<TpmHash, Set<Integer>> sent(TpmQuote quote) {
    Map<TpmHash, Set<Integer>> out = new EnumMap<>(TpmHash.class);
    quote
        .pcrs()
        .forEach((bank, values) -> {
          if (!values.isEmpty()) {
            out.put(bank, values.keySet());
          }
        });
    return out;
  }

  /** The hash is that of the signing scheme, whatever the bank. */
  private Check registersHashToTheQuotedDigest() {
    for (TpmQuote quote : quotes) {
      TpmHash hash = quote.signature().hash();
      byte[] got = hash.digest(concatenated(quote));
      if (!Arrays.equals(got, quote.attest().pcrDigest().bytes())) {
        return Check.failed(
            "pcr-digest",
            quote.attest().pcrDigest() + " over " + quote.attest().selections(),
            HexBytes.of(got) + " by " + hash.algorithm(),
            QUOTE,
            "send the register values as they were when the quote was taken");
      }
    }
    return Check.passed(
        "pcr-digest", "the quoted hash of the values", "equal in every quote", QUOTE);
  }

  private static byte[] concatenated(TpmQuote quote) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (PcrSelection selection : quote.attest().selections()) {
      SortedMap<Integer, HexBytes> values = quote.pcrs().get(selection.bank());
      if (values != null) {
        values.values().forEach(v -> out.writeBytes(v.bytes()));
      }
    }
    return out.toByteArray();
  }
}
