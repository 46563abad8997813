package dev.leasehold.core.evidence.tpm;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A TPM's statement, its signature, and the register values sent beside it: the statement carries
 * but a hash of them.
 */
public record TpmQuote(
    TpmAttest attest, TpmSignature signature, Map<TpmHash, SortedMap<Integer, HexBytes>> pcrs) {

  public TpmQuote {
    Map<TpmHash, SortedMap<Integer, HexBytes>> copy = new EnumMap<>(TpmHash.class);
    pcrs.forEach(
        (bank, values) -> copy.put(bank, Collections.unmodifiableSortedMap(new TreeMap<>(values))));
    pcrs = Collections.unmodifiableMap(copy);
  }

  /** Reads statement and signature; register values must have the length of their bank. */
  public static TpmQuote parse(
      byte[] message, byte[] signature, Map<TpmHash, ? extends Map<Integer, HexBytes>> pcrs)
      throws Malformed {
    return of(TpmAttest.parse(message), TpmSignature.parse(signature), pcrs);
  }

  /** A quote whose registers are listed from PCR 0 up, in the SHA-256 bank. */
  public static TpmQuote ofSha256(TpmAttest attest, TpmSignature signature, List<HexBytes> values)
      throws Malformed {
    Map<Integer, HexBytes> pcrs = new HashMap<>();
    for (HexBytes value : values) {
      pcrs.put(pcrs.size(), value);
    }
    return of(attest, signature, Map.of(TpmHash.SHA256, pcrs));
  }

  private static TpmQuote of(
      TpmAttest attest, TpmSignature signature, Map<TpmHash, ? extends Map<Integer, HexBytes>> pcrs)
      throws Malformed {
    Map<TpmHash, SortedMap<Integer, HexBytes>> sorted = new EnumMap<>(TpmHash.class);
    for (var bank : pcrs.entrySet()) {
      for (var pcr : bank.getValue().entrySet()) {
        int length = pcr.getValue().hex().length() / 2;
        if (length != bank.getKey().bytes()) {
          throw new Malformed(
              "PCR " + pcr.getKey(),
              bank.getKey().bytes() + " bytes in bank " + bank.getKey().word(),
              length + " bytes");
        }
      }
      sorted.put(bank.getKey(), new TreeMap<>(bank.getValue()));
    }
    return new TpmQuote(attest, signature, sorted);
  }
}
