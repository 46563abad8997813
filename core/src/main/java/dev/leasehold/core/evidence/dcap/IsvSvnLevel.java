package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.Malformed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One TCB level of a quoting enclave or of a TDX module.
 *
 * @param isvSvn the least security version at this level
 * @param tcbDate patches that Intel published up to then are in this level
 */
public record IsvSvnLevel(int isvSvn, Instant tcbDate, TcbStatus status, List<String> advisories) {
  public IsvSvnLevel {
    advisories = List.copyOf(advisories);
  }

  /** The levels under {@code tcbLevels}, newest first. */
  static List<IsvSvnLevel> parseAll(IntelObject owner, int maxSvn) throws Malformed {
    List<IsvSvnLevel> out = new ArrayList<>();
    for (IntelObject level : owner.objects("tcbLevels", IntelObject.MAX_LEVELS)) {
      out.add(
          new IsvSvnLevel(
              (int) level.object("tcb").integer("isvsvn", maxSvn),
              level.instant("tcbDate"),
              TcbStatus.parse(
                  level.at("tcbStatus"), level.text("tcbStatus"), TcbStatus.OF_ENCLAVES),
              level.advisories()));
    }
    out.sort(Comparator.comparingInt(IsvSvnLevel::isvSvn).reversed());
    return List.copyOf(out);
  }

  /** The newest level that {@code isvSvn} reaches. */
  static Optional<IsvSvnLevel> reachedBy(int isvSvn, List<IsvSvnLevel> newestFirst) {
    return newestFirst.stream().filter(l -> isvSvn >= l.isvSvn).findFirst();
  }
}
