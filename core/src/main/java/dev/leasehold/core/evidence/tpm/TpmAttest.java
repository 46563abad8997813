package dev.leasehold.core.evidence.tpm;

import dev.leasehold.core.bytes.ByteReader;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import java.util.List;

/**
 * What a TPM states in a quote (TPM 2.0 Part 2, TPMS_ATTEST of type TPM_ST_ATTEST_QUOTE). The magic
 * value says that the TPM itself made the structure: a restricted key signs no foreign data that
 * begins with it.
 *
 * @param extraData the caller's nonce
 * @param clock milliseconds the TPM has been powered
 * @param resetCount power cycles, {@code restartCount} resumes since
 * @param safe false when the clock may have gone back
 * @param signed the bytes that the signature covers
 */
public record TpmAttest(
    HexBytes qualifiedSigner,
    HexBytes extraData,
    long clock,
    long resetCount,
    long restartCount,
    boolean safe,
    HexBytes firmwareVersion,
    List<PcrSelection> selections,
    HexBytes pcrDigest,
    Bytes signed) {
  private static final String FORMAT = "TPMS_ATTEST";
  private static final long GENERATED_VALUE = 0xff544347L;
  private static final int ATTEST_QUOTE = 0x8018;
  private static final int MAX_NAME = 66;

  /** TPM2B_DATA holds at most a TPMT_HA: an algorithm and the longest digest. */
  private static final int MAX_EXTRA = 66;

  public TpmAttest {
    selections = List.copyOf(selections);
  }

  /** Reads exactly one quote. */
  public static TpmAttest parse(byte[] bytes) throws Malformed {
    ByteReader in = ByteReader.bigEndian(FORMAT, bytes);
    require("magic", GENERATED_VALUE, in.u32("magic"));
    require("type", ATTEST_QUOTE, in.u16("type"));
    HexBytes qualifiedSigner = HexBytes.of(Tpm2b.read(in, "qualifiedSigner", MAX_NAME));
    HexBytes extraData = HexBytes.of(Tpm2b.read(in, "extraData", MAX_EXTRA));
    long clock = in.u64("clock");
    if (clock < 0) {
      throw new Malformed(FORMAT + ".clock", "milliseconds below 2^63", "more");
    }
    long resetCount = in.u32("resetCount");
    long restartCount = in.u32("restartCount");
    int safe = in.u8("safe");
    if (safe > 1) {
      throw new Malformed(FORMAT + ".safe", "0 or 1", Integer.toString(safe));
    }
    HexBytes firmwareVersion = HexBytes.of(in.bytes("firmwareVersion", 8));
    List<PcrSelection> selections = PcrSelection.readList(in);
    HexBytes pcrDigest = HexBytes.of(Tpm2b.read(in, "pcrDigest", TpmHash.SHA512.bytes()));
    in.end();
    return new TpmAttest(
        qualifiedSigner,
        extraData,
        clock,
        resetCount,
        restartCount,
        safe == 1,
        firmwareVersion,
        selections,
        pcrDigest,
        Bytes.of(bytes));
  }

  private static void require(String field, long expected, long found) throws Malformed {
    if (found != expected) {
      throw new Malformed(
          FORMAT + "." + field,
          "0x" + Long.toHexString(expected) + ", a quote made by a TPM",
          "0x" + Long.toHexString(found));
    }
  }
}
