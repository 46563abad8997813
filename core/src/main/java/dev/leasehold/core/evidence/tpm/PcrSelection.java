package dev.leasehold.core.evidence.tpm;

import dev.leasehold.core.bytes.ByteReader;
import dev.leasehold.core.bytes.Malformed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The registers of one bank that a quote covers (TPM 2.0 Part 2, TPMS_PCR_SELECTION).
 *
 * @param pcrs ascending, the order in which they are hashed
 */
public record PcrSelection(TpmHash bank, SortedSet<Integer> pcrs) {
  private static final int MAX_BANKS = 16;
  private static final int MAX_BITMAP = 4;

  public PcrSelection {
    pcrs = Collections.unmodifiableSortedSet(new TreeSet<>(pcrs));
  }

  /** A TPML_PCR_SELECTION: each bank at most once, at least one register in all. */
  static List<PcrSelection> readList(ByteReader in) throws Malformed {
    long count = in.u32("pcrSelect.count");
    if (count > MAX_BANKS) {
      throw new Malformed("pcrSelect", "at most " + MAX_BANKS + " banks", count + " banks");
    }
    List<PcrSelection> out = new ArrayList<>();
    Set<TpmHash> banks = EnumSet.noneOf(TpmHash.class);
    for (int i = 0; i < count; i++) {
      PcrSelection one = read(in);
      if (!banks.add(one.bank)) {
        throw new Malformed("pcrSelect", "each bank once", one.bank.word() + " twice");
      }
      out.add(one);
    }
    if (out.stream().allMatch(s -> s.pcrs.isEmpty())) {
      throw new Malformed("pcrSelect", "at least one register", "none: a quote over nothing");
    }
    return List.copyOf(out);
  }

  private static PcrSelection read(ByteReader in) throws Malformed {
    TpmHash bank = TpmHash.require("pcrSelect.hash", in.u16("pcrSelect.hash"));
    int size = in.u8("pcrSelect.sizeofSelect");
    if (size == 0 || size > MAX_BITMAP) {
      throw new Malformed("pcrSelect.sizeofSelect", "1 to " + MAX_BITMAP, Integer.toString(size));
    }
    SortedSet<Integer> pcrs = new TreeSet<>();
    for (int octet = 0; octet < size; octet++) {
      int bits = in.u8("pcrSelect.pcrSelect");
      for (int bit = 0; bit < 8; bit++) {
        if ((bits >> bit & 1) == 1) {
          pcrs.add(8 * octet + bit);
        }
      }
    }
    return new PcrSelection(bank, pcrs);
  }

  @Override
  public String toString() {
    return bank.word() + pcrs;
  }
}
