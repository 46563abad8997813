package dev.leasehold.core.evidence.dcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Intel's rules for levels, parts and relaunches, pair by pair. */
class TcbLevelsTest {
  private static final PckTcb PCK = new PckTcb(Collections.nCopies(16, 5), 13);
  private static final int QE_SVN = 6;
  private static final List<String> PLATFORMS =
      List.of(
          "UpToDate",
          "SWHardeningNeeded",
          "ConfigurationNeeded",
          "ConfigurationAndSWHardeningNeeded",
          "OutOfDate",
          "OutOfDateConfigurationNeeded",
          "Revoked");
  private static final List<String> PARTS =
      List.of("UpToDate", "OutOfDate", "Revoked", "NotSupported");

  /** What becomes of a platform when a part of it is out of date; nothing where none is named. */
  private static final Map<String, String> OUT_OF_DATE =
      Map.of(
          "UpToDate", "OutOfDate",
          "SWHardeningNeeded", "OutOfDate",
          "ConfigurationNeeded", "OutOfDateConfigurationNeeded",
          "ConfigurationAndSWHardeningNeeded", "OutOfDateConfigurationNeeded");

  @Test
  void everyPairOfPlatformAndQuotingEnclave() throws Malformed {
    for (String platform : PLATFORMS) {
      for (String qe : PARTS) {
        TcbResult r = TcbLevels.judge(PCK, Optional.empty(), sgx(platform), qe("QE", qe), QE_SVN);
        assertThat(r.tcb().status())
            .as("%s with a QE %s", platform, qe)
            .isEqualTo(converged(platform, qe));
        assertThat(r.platformStatus()).isEqualTo(platform);
        assertThat(r.qeStatus()).isEqualTo(qe);
        assertThat(r.moduleStatus()).isEmpty();
      }
    }
  }

  @Test
  void everyTripleOfPlatformModuleAndQuotingEnclave() throws Malformed {
    for (String platform : PLATFORMS) {
      for (String module : PARTS) {
        for (String qe : PARTS) {
          TcbResult r =
              TcbLevels.judge(
                  PCK, td("050100", ""), tdx(platform, module), qe("TD_QE", qe), QE_SVN);
          assertThat(r.tcb().status())
              .as("%s with a module %s and a QE %s", platform, module, qe)
              .isEqualTo(converged(converged(platform, module), qe));
          assertThat(r.moduleStatus()).hasValue(module);
        }
      }
    }
  }

  /**
   * The module that launched the domain is out of date at svn 4, the newest is svn 6; the microcode
   * component of the newest level is 3.
   */
  @ParameterizedTest
  @CsvSource({
    "UpToDate,                         UpToDate,  070103, TDRelaunchAdvised",
    "SWHardeningNeeded,                UpToDate,  060103, TDRelaunchAdvised",
    "ConfigurationNeeded,              UpToDate,  060103, TDRelaunchAdvisedConfigurationNeeded",
    "ConfigurationAndSWHardeningNeeded,UpToDate,  060103, TDRelaunchAdvisedConfigurationNeeded",
    "UpToDate,                         UpToDate,  050103, OutOfDate",
    "UpToDate,                         UpToDate,  070102, OutOfDate",
    "ConfigurationNeeded,              UpToDate,  050103, OutOfDateConfigurationNeeded",
    "UpToDate,                         OutOfDate, 070103, OutOfDate",
    "UpToDate,                         Revoked,   070103, Revoked",
    "OutOfDate,                        UpToDate,  070103, OutOfDate",
    "OutOfDateConfigurationNeeded,     UpToDate,  070103, OutOfDateConfigurationNeeded",
    "Revoked,                          UpToDate,  070103, Revoked",
    "UpToDate,                         UpToDate,  070903, NotSupported",
    "UpToDate,                         UpToDate,  030003, TDRelaunchAdvised",
    "UpToDate,                         UpToDate,  020003, OutOfDate",
    "UpToDate,                         UpToDate,  '',     OutOfDate",
  })
  void aRelaunchIsAdvisedWhenOnlyTheLaunchedModuleIsOld(
      String platform, String qe, String svn2, String expected) throws Malformed {
    String levels =
        IntelText.isvLevel(6, "UpToDate") + "," + IntelText.isvLevel(4, "OutOfDate", "SA-2");
    TcbInfo info = IntelText.tcbInfo(IntelText.tdx(levels, IntelText.level(5, 3, 13, platform)));
    HexBytes svn = new HexBytes("040103" + "03".repeat(13));
    Optional<HexBytes> now =
        Optional.of(svn2).filter(s -> !s.isEmpty()).map(s -> new HexBytes(s + "03".repeat(13)));
    TcbResult r =
        TcbLevels.judge(PCK, Optional.of(new TdTcb(svn, now)), info, qe("TD_QE", qe), QE_SVN);
    assertThat(r.tcb().status()).isEqualTo(expected);
    assertThat(r.moduleStatus()).hasValue("OutOfDate");
    assertThat(r.tcb().advisories()).containsExactly("SA-2");
  }

  @Test
  void aRelaunchMendsNothingWhenThePlatformItselfIsBelowTheNewestLevel() throws Malformed {
    String modules = IntelText.isvLevel(6, "UpToDate") + "," + IntelText.isvLevel(4, "OutOfDate");
    TcbInfo info =
        IntelText.tcbInfo(
            IntelText.tdx(
                modules,
                IntelText.level(9, 3, 13, "UpToDate"),
                IntelText.level(5, 3, 13, "OutOfDate")));
    TcbResult r =
        TcbLevels.judge(PCK, td("040103", "070103"), info, qe("TD_QE", "UpToDate"), QE_SVN);
    assertThat(r.tcb().status()).isEqualTo("OutOfDate");
  }

  @Test
  void everyComponentCounts() throws Malformed {
    for (int i = 0; i < 16; i++) {
      List<Integer> needed = new ArrayList<>(PCK.components());
      needed.set(i, 6);
      TcbInfo info =
          IntelText.tcbInfo(
              IntelText.sgx(
                  IntelText.level(needed, PCK.components(), 13, "UpToDate"),
                  IntelText.level(5, 0, 13, "OutOfDate")));
      assertThat(sgx(info, PCK).platformStatus()).as("component %d", i).isEqualTo("OutOfDate");
    }
    TcbInfo info = IntelText.tcbInfo(IntelText.sgx(IntelText.level(5, 0, 13, "UpToDate")));
    assertThat(sgx(info, PCK).platformStatus()).isEqualTo("UpToDate");
    TcbResult older = sgx(info, new PckTcb(PCK.components(), 12));
    assertThat(older.platformStatus()).isEqualTo("NotSupported");
    assertThat(older.tcb().status()).isEqualTo("NotSupported");
    assertThat(older.tcbDate()).isEqualTo(Instant.EPOCH);
  }

  @Test
  void theFirstTwoComponentsOfTdxBelongToTheModuleFromMajorVersion1On() throws Malformed {
    for (int i = 0; i < 16; i++) {
      List<Integer> needed = new ArrayList<>(Collections.nCopies(16, 5));
      needed.set(i, 6);
      TcbInfo info =
          IntelText.tcbInfo(
              IntelText.tdx(
                  IntelText.ISV_UP_TO_DATE,
                  IntelText.level(PCK.components(), needed, 13, "UpToDate"),
                  IntelText.level(5, 0, 13, "OutOfDate")));
      assertThat(tdx(info, "0501" + "05".repeat(14)).platformStatus())
          .isEqualTo(i < 2 ? "UpToDate" : "OutOfDate");
      assertThat(tdx(info, "0500" + "05".repeat(14)).platformStatus()).isEqualTo("OutOfDate");
    }
    TcbInfo old =
        IntelText.tcbInfo(
            IntelText.tdx(
                IntelText.ISV_UP_TO_DATE,
                IntelText.level(
                    PCK.components(),
                    List.of(5, 0, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5),
                    13,
                    "UpToDate")));
    assertThat(tdx(old, "0500" + "05".repeat(14)).moduleStatus()).isEmpty();
    assertThat(tdx(old, "0500" + "05".repeat(14)).tcb().status()).isEqualTo("UpToDate");
    assertThat(tdx(old, "0400" + "05".repeat(14)).tcb().status()).isEqualTo("NotSupported");
    assertThat(tdx(old, "0502" + "05".repeat(14)).tcb().status())
        .as("no such module")
        .isEqualTo("NotSupported");
  }

  @Test
  void levelsAreTriedNewestFirstInWhateverOrderTheyCome() throws Malformed {
    TcbInfo info =
        IntelText.tcbInfo(
            IntelText.sgx(
                IntelText.level(1, 0, 5, "OutOfDate"),
                IntelText.level(5, 0, 12, "OutOfDateConfigurationNeeded"),
                IntelText.level(5, 0, 13, "UpToDate")));
    assertThat(sgx(info, PCK).platformStatus()).isEqualTo("UpToDate");
  }

  @Test
  void advisoriesOfEveryPartAreNamedOnce() throws Malformed {
    TcbInfo info =
        IntelText.tcbInfo(
            IntelText.tdx(
                IntelText.isvLevel(1, "OutOfDate", "SA-3", "SA-1"),
                IntelText.level(5, 0, 13, "OutOfDate", "SA-2", "SA-3")));
    QeIdentity qe =
        IntelText.qeIdentity(IntelText.qe("TD_QE", IntelText.isvLevel(1, "OutOfDate", "SA-4")));
    TcbResult r = TcbLevels.judge(PCK, td("050100", ""), info, qe, QE_SVN);
    assertThat(r.tcb().advisories()).containsExactly("SA-1", "SA-2", "SA-3", "SA-4");
    assertThat(r.tcbDate()).isEqualTo(Instant.parse("2025-01-01T00:00:00Z"));
    assertThat(r.tcb().evaluation()).isEqualTo(18);
  }

  @Test
  void aTcbOfAnotherSizeDoesNotExist() {
    assertThatThrownBy(() -> new PckTcb(Collections.nCopies(15, 5), 13))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TdTcb(new HexBytes("00".repeat(15)), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String converged(String platform, String part) {
    if (platform.equals("Revoked") || platform.equals("NotSupported")) {
      return platform;
    }
    return switch (part) {
      case "UpToDate" -> platform;
      case "OutOfDate" -> OUT_OF_DATE.getOrDefault(platform, platform);
      default -> part;
    };
  }

  private static TcbInfo sgx(String status) throws Malformed {
    return IntelText.tcbInfo(IntelText.sgx(IntelText.level(5, 0, 13, status)));
  }

  private static TcbResult sgx(TcbInfo info, PckTcb pck) throws Malformed {
    return TcbLevels.judge(pck, Optional.empty(), info, qe("QE", "UpToDate"), QE_SVN);
  }

  private static TcbInfo tdx(String status, String module) throws Malformed {
    return IntelText.tcbInfo(IntelText.tdx(part(5, module), IntelText.level(5, 0, 13, status)));
  }

  private static TcbResult tdx(TcbInfo info, String svn) throws Malformed {
    TdTcb td = new TdTcb(new HexBytes(svn), Optional.empty());
    return TcbLevels.judge(PCK, Optional.of(td), info, qe("TD_QE", "UpToDate"), QE_SVN);
  }

  private static QeIdentity qe(String id, String status) throws Malformed {
    return IntelText.qeIdentity(IntelText.qe(id, part(QE_SVN, status)));
  }

  /** A level that {@code svn} reaches, or for what is not supported one that it does not. */
  private static String part(int svn, String status) {
    return status.equals("NotSupported")
        ? IntelText.isvLevel(svn + 1, "UpToDate")
        : IntelText.isvLevel(svn, status);
  }

  private static Optional<TdTcb> td(String svn, String svn2) {
    return Optional.of(
        new TdTcb(
            new HexBytes(svn + "03".repeat(13)),
            Optional.of(svn2)
                .filter(s -> !s.isEmpty())
                .map(s -> new HexBytes(s + "03".repeat(13)))));
  }
}
