package dev.leasehold.core.evidence.tpm;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.ApiJson;
import dev.leasehold.core.json.Codec;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.json.Wire;
import dev.leasehold.core.pki.PublicKeys;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The containers in JSON. Every member must be there and no other may. */
final class TpmJson {
  private static final String WHAT = "TPM evidence";
  private static final int MAX_BYTES = 4 << 20;
  private static final int MAX_PCR = 32;

  private TpmJson() {}

  /** Leasehold's own; {@code pcrs} is bank → index → value. */
  record Own(
      Bytes message,
      Bytes signature,
      Bytes akPublic,
      List<Bytes> akCertificates,
      Map<String, Map<String, HexBytes>> pcrs,
      Bytes eventLog) {}

  /** Trustee's, for a TPM without a TEE: the key bare, in SubjectPublicKeyInfo. */
  record Trustee(@Wire("ak_public") Bytes akPublic, @Wire("tpm_quote") TrusteeQuote quote) {}

  record TrusteeQuote(Bytes message, List<HexBytes> pcrs, Bytes signature) {}

  /** A dump of go-attestation; what its other members say nobody signed. */
  record GoAttestation(
      @Wire("Static") Json.Obj platform,
      @Wire("AK") GoKey key,
      @Wire("Quote") GoQuote quote,
      @Wire("Log") GoLog log) {}

  record GoKey(
      @Wire("Public") Bytes area,
      @Wire("UseTCSDActivationFormat") boolean tcsd,
      @Wire("CreateData") Bytes createData,
      @Wire("CreateAttestation") Bytes createAttestation,
      @Wire("CreateSignature") Bytes createSignature) {}

  record GoQuote(
      @Wire("Nonce") Bytes nonce,
      @Wire("Alg") long alg,
      @Wire("Quote") Bytes quote,
      @Wire("Signature") Bytes signature) {}

  record GoLog(@Wire("PCRs") List<GoPcr> pcrs, @Wire("PCRAlg") long alg, @Wire("Raw") Bytes raw) {}

  record GoPcr(
      @Wire("Index") long index, @Wire("Digest") Bytes digest, @Wire("DigestAlg") long alg) {}

  static TpmEvidence parse(byte[] bytes) throws Malformed {
    Json.Obj json = ApiJson.parse(WHAT, bytes, MAX_BYTES);
    if (json.get("tpm_quote").isPresent()) {
      return trustee(Codec.of(Trustee.class).decode(WHAT, json));
    }
    if (json.get("Quote").isPresent()) {
      return goAttestation(Codec.of(GoAttestation.class).decode(WHAT, json));
    }
    return own(Codec.of(Own.class).decode(WHAT, json));
  }

  private static TpmEvidence own(Own own) throws Malformed {
    Map<TpmHash, Map<Integer, HexBytes>> pcrs = new EnumMap<>(TpmHash.class);
    for (var bank : own.pcrs.entrySet()) {
      TpmHash hash =
          TpmHash.ofWord(bank.getKey())
              .orElseThrow(
                  () -> new Malformed("pcrs", "sha1, sha256, sha384 or sha512", bank.getKey()));
      Map<Integer, HexBytes> values = new HashMap<>();
      for (var pcr : bank.getValue().entrySet()) {
        values.put(index(pcr.getKey()), pcr.getValue());
      }
      pcrs.put(hash, values);
    }
    TpmQuote quote = TpmQuote.parse(own.message.toArray(), own.signature.toArray(), pcrs);
    return TpmEvidence.of(
        List.of(quote),
        own.akPublic.toArray(),
        own.akCertificates.stream().map(Bytes::toArray).toList(),
        own.eventLog.toArray());
  }

  private static int index(String text) throws Malformed {
    for (int i = 0; i < MAX_PCR; i++) {
      if (Integer.toString(i).equals(text)) {
        return i;
      }
    }
    throw new Malformed("pcrs", "indices 0 to 31 in decimal", text);
  }

  private static TpmEvidence trustee(Trustee t) throws Malformed {
    TpmQuote quote =
        TpmQuote.ofSha256(
            TpmAttest.parse(t.quote.message.toArray()),
            TpmSignature.parse(t.quote.signature.toArray()),
            t.quote.pcrs);
    return new TpmEvidence(
        List.of(quote),
        PublicKeys.parse("ak_public", t.akPublic.toArray()),
        Optional.empty(),
        List.of(),
        Optional.empty());
  }

  private static TpmEvidence goAttestation(GoAttestation g) throws Malformed {
    Map<TpmHash, Map<Integer, HexBytes>> pcrs = new EnumMap<>(TpmHash.class);
    for (GoPcr pcr : g.log.pcrs) {
      if (pcr.index < 0 || pcr.index >= MAX_PCR) {
        throw new Malformed("Log.PCRs.Index", "0 to 31", Long.toString(pcr.index));
      }
      Map<Integer, HexBytes> bank = pcrs.computeIfAbsent(cryptoHash(pcr.alg), h -> new HashMap<>());
      if (bank.put((int) pcr.index, HexBytes.of(pcr.digest.toArray())) != null) {
        throw new Malformed("Log.PCRs", "each register once", "PCR " + pcr.index + " twice");
      }
    }
    TpmQuote quote = TpmQuote.parse(g.quote.quote.toArray(), g.quote.signature.toArray(), pcrs);
    return TpmEvidence.of(List.of(quote), g.key.area.toArray(), List.of(), g.log.raw.toArray());
  }

  /** Go's crypto.Hash numbers. */
  private static TpmHash cryptoHash(long number) throws Malformed {
    return switch ((int) number) {
      case 3 -> TpmHash.SHA1;
      case 5 -> TpmHash.SHA256;
      case 6 -> TpmHash.SHA384;
      case 7 -> TpmHash.SHA512;
      default -> throw new Malformed("Log.PCRs.DigestAlg", "3, 5, 6 or 7", Long.toString(number));
    };
  }
}
