package dev.leasehold.core.evidence.tpm;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The {@code attest.Attestation} message of go-tpm-tools. What it says of the instance and of a TEE
 * beside the TPM is proven by nothing in it and therefore passed over.
 */
final class GoTpmToolsAttestation {
  private static final int AK_PUB = 1;
  private static final int QUOTES = 2;
  private static final int EVENT_LOG = 3;
  private static final int INSTANCE_INFO = 4;
  private static final int CANONICAL_EVENT_LOG = 5;
  private static final int AK_CERT = 6;
  private static final int INTERMEDIATE_CERTS = 7;
  private static final int SEV_SNP_ATTESTATION = 8;
  private static final int TDX_ATTESTATION = 9;
  private static final int MAX_QUOTES = 8;

  private final List<TpmQuote> quotes = new ArrayList<>();
  private final List<byte[]> certificates = new ArrayList<>();
  private byte @Nullable [] akPublic;
  private byte @Nullable [] eventLog;

  private GoTpmToolsAttestation() {}

  static TpmEvidence parse(byte[] bytes) throws Malformed {
    GoTpmToolsAttestation message = new GoTpmToolsAttestation();
    message.read(new ProtobufReader("Attestation", bytes));
    return message.evidence();
  }

  private void read(ProtobufReader in) throws Malformed {
    while (in.hasMore()) {
      int field = in.field();
      switch (field) {
        case AK_PUB -> {
          in.once(akPublic != null, "ak_pub");
          akPublic = in.bytes("ak_pub");
        }
        case QUOTES -> quotes.add(quote(in.bytes("quotes")));
        case EVENT_LOG -> {
          in.once(eventLog != null, "event_log");
          eventLog = in.bytes("event_log");
        }
        case AK_CERT, INTERMEDIATE_CERTS -> certificates.add(in.bytes("certificate"));
        case INSTANCE_INFO, CANONICAL_EVENT_LOG, SEV_SNP_ATTESTATION, TDX_ATTESTATION ->
            in.bytes("unproven field");
        default -> throw in.unknown(field);
      }
    }
  }

  private TpmEvidence evidence() throws Malformed {
    if (akPublic == null || quotes.isEmpty() || quotes.size() > MAX_QUOTES) {
      throw new Malformed(
          "Attestation",
          "ak_pub and 1 to " + MAX_QUOTES + " quotes",
          (akPublic == null ? "no ak_pub, " : "") + quotes.size() + " quotes");
    }
    return TpmEvidence.of(quotes, akPublic, certificates, eventLog);
  }

  private static TpmQuote quote(byte[] bytes) throws Malformed {
    ProtobufReader in = new ProtobufReader("Quote", bytes);
    byte[] message = new byte[0];
    byte[] signature = new byte[0];
    Map<TpmHash, Map<Integer, HexBytes>> pcrs = new EnumMap<>(TpmHash.class);
    while (in.hasMore()) {
      int field = in.field();
      switch (field) {
        case 1 -> {
          in.once(message.length > 0, "quote");
          message = in.bytes("quote");
        }
        case 2 -> {
          in.once(signature.length > 0, "raw_sig");
          signature = in.bytes("raw_sig");
        }
        case 3 -> {
          in.once(!pcrs.isEmpty(), "pcrs");
          bank(in.bytes("pcrs"), pcrs);
        }
        default -> throw in.unknown(field);
      }
    }
    return TpmQuote.parse(message, signature, pcrs);
  }

  private static void bank(byte[] bytes, Map<TpmHash, Map<Integer, HexBytes>> out)
      throws Malformed {
    ProtobufReader in = new ProtobufReader("PCRs", bytes);
    int hash = 0;
    Map<Integer, HexBytes> pcrs = new HashMap<>();
    while (in.hasMore()) {
      int field = in.field();
      switch (field) {
        case 1 -> {
          in.once(hash != 0, "hash");
          hash = in.integer("hash");
        }
        case 2 -> pcr(in.bytes("pcrs"), pcrs);
        default -> throw in.unknown(field);
      }
    }
    out.put(TpmHash.require("PCRs.hash", hash), pcrs);
  }

  /** A map entry; a key of 0 may be left out. */
  private static void pcr(byte[] bytes, Map<Integer, HexBytes> out) throws Malformed {
    ProtobufReader in = new ProtobufReader("PCRs.pcrs", bytes);
    int index = 0;
    HexBytes value = HexBytes.EMPTY;
    boolean keyed = false;
    while (in.hasMore()) {
      int field = in.field();
      switch (field) {
        case 1 -> {
          in.once(keyed, "key");
          keyed = true;
          index = in.integer("key");
        }
        case 2 -> {
          in.once(!value.isEmpty(), "value");
          value = HexBytes.of(in.bytes("value"));
        }
        default -> throw in.unknown(field);
      }
    }
    in.once(out.put(index, value) != null, "PCR " + index);
  }
}
