package dev.leasehold.core.evidence.dcap;

import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * One level of a platform's TCB.
 *
 * @param sgxComponents least security versions of the 16 components of a PCK certificate's TCB
 * @param tdxComponents least security versions of the 16 of TEE_TCB_SVN; empty for SGX
 * @param tcbDate patches that Intel published up to then are in this level
 */
public record TcbLevel(
    List<Integer> sgxComponents,
    List<Integer> tdxComponents,
    int pceSvn,
    Instant tcbDate,
    TcbStatus status,
    List<String> advisories) {
  /** Components in every TCB. */
  public static final int COMPONENTS = 16;

  /** Intel's verification library sorts the levels itself and takes the first that matches. */
  static final Comparator<TcbLevel> NEWEST_FIRST =
      Comparator.comparing(TcbLevel::sgxComponents, TcbLevel::compare)
          .thenComparing(TcbLevel::tdxComponents, TcbLevel::compare)
          .thenComparingInt(TcbLevel::pceSvn)
          .reversed();

  public TcbLevel {
    sgxComponents = List.copyOf(sgxComponents);
    tdxComponents = List.copyOf(tdxComponents);
    advisories = List.copyOf(advisories);
    if (sgxComponents.size() != COMPONENTS
        || !(tdxComponents.isEmpty() || tdxComponents.size() == COMPONENTS)) {
      throw new IllegalArgumentException("a TCB has " + COMPONENTS + " components");
    }
  }

  private static int compare(List<Integer> a, List<Integer> b) {
    return Arrays.compare(a.toArray(Integer[]::new), b.toArray(Integer[]::new));
  }
}
