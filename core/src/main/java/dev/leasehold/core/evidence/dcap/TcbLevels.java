package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.evidence.VendorTcb;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Judges the TCB of a platform, of its TDX module and of its quoting enclave, and brings the three
 * together: the rules and their order are those of TcbLevelCheck, TdxModuleCheck and
 * TDRelaunchCheck in Intel's quote verification library.
 */
final class TcbLevels {
  private static final int MODULE_SVN = 0;
  private static final int MODULE_MAJOR = 1;
  private static final int LATE_MICROCODE = 2;

  private final PckTcb pck;
  private final TcbInfo info;

  private TcbLevels(PckTcb pck, TcbInfo info) {
    this.pck = pck;
    this.info = info;
  }

  /** A part at the level it reaches; below all levels it is not supported. */
  private record Rated(TcbStatus status, Instant tcbDate, List<String> advisories) {
    static final Rated NOT_SUPPORTED = new Rated(TcbStatus.NOT_SUPPORTED, Instant.EPOCH, List.of());

    static Rated of(TcbLevel level) {
      return new Rated(level.status(), level.tcbDate(), level.advisories());
    }

    static Rated of(IsvSvnLevel level) {
      return new Rated(level.status(), level.tcbDate(), level.advisories());
    }
  }

  /**
   * Judges a platform by collateral that is already shown to be Intel's, current and for it.
   *
   * @param td for TDX; then {@code info} is one for TDX
   * @param qeIsvSvn of the quoting enclave's own report
   */
  static TcbResult judge(
      PckTcb pck, Optional<TdTcb> td, TcbInfo info, QeIdentity qe, int qeIsvSvn) {
    TcbLevels levels = new TcbLevels(pck, info);
    Rated enclave =
        IsvSvnLevel.reachedBy(qeIsvSvn, qe.levels()).map(Rated::of).orElse(Rated.NOT_SUPPORTED);
    Rated platform = levels.platform(td);
    Optional<Rated> module = td.flatMap(levels::module);
    TcbStatus status = levels.converge(platform, module, enclave, td);
    List<Rated> parts = Stream.concat(Stream.of(platform, enclave), module.stream()).toList();
    return new TcbResult(
        new VendorTcb(
            status.word(),
            advisories(parts),
            Math.min(info.tcbEvaluationDataNumber(), qe.tcbEvaluationDataNumber())),
        parts.stream().map(Rated::tcbDate).min(Comparator.naturalOrder()).orElseThrow(),
        platform.status().word(),
        module.map(m -> m.status().word()),
        enclave.status().word());
  }

  /** The newest level of which the platform reaches every component. */
  private Rated platform(Optional<TdTcb> td) {
    return newest(l -> td.map(t -> tdxReaches(t, l)).orElse(true))
        .map(Rated::of)
        .orElse(Rated.NOT_SUPPORTED);
  }

  private Optional<TcbLevel> newest(Predicate<TcbLevel> also) {
    return info.levels().stream().filter(l -> sgxReaches(l) && also.test(l)).findFirst();
  }

  private boolean sgxReaches(TcbLevel level) {
    for (int i = 0; i < TcbLevel.COMPONENTS; i++) {
      if (pck.components().get(i) < level.sgxComponents().get(i)) {
        return false;
      }
    }
    return pck.pceSvn() >= level.pceSvn();
  }

  /** From TDX 1.5 on the module has levels of its own, so its two components do not count here. */
  private static boolean tdxReaches(TdTcb td, TcbLevel level) {
    byte[] svn = td.teeTcbSvn().bytes();
    for (int i = svn[MODULE_MAJOR] == 0 ? 0 : 2; i < TcbLevel.COMPONENTS; i++) {
      if (u8(svn, i) < level.tdxComponents().get(i)) {
        return false;
      }
    }
    return true;
  }

  /** Empty when the module is one of TDX 1.0; one that Intel does not list is not supported. */
  private Optional<Rated> module(TdTcb td) {
    byte[] svn = td.teeTcbSvn().bytes();
    return svn[MODULE_MAJOR] == 0
        ? Optional.empty()
        : Optional.of(
            info.moduleIdentity(u8(svn, MODULE_MAJOR))
                .flatMap(m -> IsvSvnLevel.reachedBy(u8(svn, MODULE_SVN), m.levels()))
                .map(Rated::of)
                .orElse(Rated.NOT_SUPPORTED));
  }

  private TcbStatus converge(
      Rated platform, Optional<Rated> module, Rated enclave, Optional<TdTcb> td) {
    TcbStatus launched =
        module.map(m -> platform.status().converge(m.status())).orElse(platform.status());
    boolean relaunch =
        enclave.status() == TcbStatus.UP_TO_DATE
            && launched.isOutOfDate()
            && module.map(Rated::status).equals(Optional.of(TcbStatus.OUT_OF_DATE));
    TcbStatus now =
        relaunch
            ? td.flatMap(TdTcb::teeTcbSvn2)
                .map(svn2 -> relaunch(launched, svn2.bytes()))
                .orElse(launched)
            : launched;
    return now.converge(enclave.status());
  }

  /**
   * TDX 1.5 can replace the module under running domains. Then TEE_TCB_SVN stays that of the launch
   * and TEE_TCB_SVN_2 tells what runs now: if that reaches the newest level and only the module was
   * out of date, a relaunch is all it takes.
   */
  private TcbStatus relaunch(TcbStatus launched, byte[] svn2) {
    TcbStatus sgx = newest(l -> true).map(TcbLevel::status).orElse(TcbStatus.NOT_SUPPORTED);
    if (sgx.isOutOfDate() || sgx == TcbStatus.REVOKED || sgx == TcbStatus.NOT_SUPPORTED) {
      return launched;
    }
    List<Integer> latest = info.levels().getFirst().tdxComponents();
    int needed = latest.get(MODULE_SVN);
    if (svn2[MODULE_MAJOR] != 0) {
      Optional<TdxModuleIdentity> identity = info.moduleIdentity(u8(svn2, MODULE_MAJOR));
      if (identity.isEmpty()) {
        return TcbStatus.NOT_SUPPORTED;
      }
      needed = identity.get().levels().getFirst().isvSvn();
    }
    if (u8(svn2, MODULE_SVN) < needed || u8(svn2, LATE_MICROCODE) < latest.get(LATE_MICROCODE)) {
      return launched;
    }
    return sgx.isConfigurationNeeded() || launched.isConfigurationNeeded()
        ? TcbStatus.TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED
        : TcbStatus.TD_RELAUNCH_ADVISED;
  }

  /** What is known against any part, each once. */
  private static List<String> advisories(List<Rated> parts) {
    TreeSet<String> all = new TreeSet<>();
    parts.forEach(p -> all.addAll(p.advisories()));
    return List.copyOf(all);
  }

  private static int u8(byte[] svn, int index) {
    return Byte.toUnsignedInt(svn[index]);
  }
}
