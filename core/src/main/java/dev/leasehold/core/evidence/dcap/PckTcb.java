package dev.leasehold.core.evidence.dcap;

import java.util.List;

/**
 * The TCB that a PCK certificate was issued for.
 *
 * @param components security versions of its 16 components
 */
public record PckTcb(List<Integer> components, int pceSvn) {
  public PckTcb {
    components = List.copyOf(components);
    if (components.size() != TcbLevel.COMPONENTS) {
      throw new IllegalArgumentException(
          "a TCB has " + TcbLevel.COMPONENTS + " components, found " + components.size());
    }
  }
}
