package dev.leasehold.testkit.formal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The protocol's model holds, and no check of it is idle: with any one of them off, TLC finds the
 * attack. The larger state spaces are searched at nightly scale.
 */
class FormalModelTest {
  private static final boolean NIGHTLY = "nightly".equals(System.getProperty("leasehold.scale"));

  @TempDir Path folder;

  /** A model that must hold. */
  record Sound(
      TlaModule module, String name, String constants, List<String> properties, boolean large) {
    @Override
    public String toString() {
      return module.name() + " " + name + " " + constants;
    }
  }

  static List<Sound> sound() {
    List<String> safety = TlaModule.LEASE.properties();
    List<String> all = new ArrayList<>(safety);
    all.add("Closable");
    List<Sound> out = new ArrayList<>();
    out.add(new Sound(TlaModule.LEASE, "base", "", all, false));
    out.add(new Sound(TlaModule.LEASE, "rounded reports", "Q=2 B=3", all, false));
    out.add(
        new Sound(TlaModule.LEASE, "no freshness", "CkFresh=FALSE B=3 MaxSeq=1", safety, false));
    out.add(
        new Sound(TlaModule.LEASE, "relative limits", "CkAbsolute=FALSE B=3 MaxSeq=1", all, false));
    out.add(new Sound(TlaModule.LEASE, "recall", "WithRecall=TRUE B=3 MaxSeq=1", all, false));
    out.add(new Sound(TlaModule.LEASE, "restore", "WithRestore=TRUE B=3 MaxSeq=1", all, false));
    out.add(
        new Sound(TlaModule.LEASE, "clocks", "TrustedTime=TRUE MaxNow=3 B=3 MaxSeq=1", all, true));
    out.add(
        new Sound(TlaModule.LEASE, "clones", "Inst={i1,i2,i3} B=3 T=1 EMax=2 MaxSeq=1", all, true));
    out.add(new Sound(TlaModule.RACE, "two replicas", "", TlaModule.RACE.properties(), false));
    return out.stream().filter(m -> NIGHTLY || !m.large()).toList();
  }

  @ParameterizedTest
  @MethodSource("sound")
  void holds(Sound model) throws Exception {
    assertThat(
            new Tlc(folder)
                .violated(model.module(), constants(model.constants()), model.properties()))
        .isEmpty();
  }

  /** Each line takes one check away, and names what then breaks. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          CkReserve=FALSE ; BudgetSafe
          CkTranche=FALSE CkExposure=FALSE WithFence=FALSE ; OffSwitch
          CkExposure=FALSE ; OffSwitch
          CkExpoFenced=FALSE ; OffSwitch
          CkState=FALSE ; OffSwitch
          CkHalt=FALSE TrustedTime=TRUE MaxNow=3 B=3 MaxSeq=1 ; TimeSafe
          CkRoundDown=FALSE Q=2 ; LedgerBelow
          CkRoundDown=FALSE Q=2 ; OffSwitch
          CkBind=FALSE B=2 ; BudgetSafe
          CkAbsolute=FALSE CkFresh=FALSE ; BudgetSafe
          CkEpoch=FALSE WithRecall=TRUE MaxSeq=1 ; StaleSafe
          CkSeq=FALSE ; LedgerGrows
          CkNoRefundFence=FALSE ; BudgetSafe
          CkStopFirst=FALSE ; ClosedTruth
          CkStopFirst=FALSE ; BudgetSafe
          CkUnanswered=FALSE ; Closable
          CkUnanswered=FALSE WithRecall=TRUE MaxSeq=1 ; Closable
          CkSendTime=FALSE TrustedTime=TRUE MaxNow=3 B=3 MaxSeq=1 ; TimeSafe
          TrustedTime=FALSE MaxNow=3 B=3 MaxSeq=1 ; NeverLate
          CkAnchor=FALSE WithRestore=TRUE B=2 MaxSeq=1 ; BudgetSafe
          CkAnchor=FALSE WithRestore=TRUE MaxSeq=1 ; OffSwitch
          """)
  void withoutThisCheckThePropertyFalls(String constants, String property) throws Exception {
    assertThat(new Tlc(folder).violated(TlaModule.LEASE, constants(constants), List.of(property)))
        .isEqualTo(property);
  }

  @ParameterizedTest
  @CsvSource({
    "CkCas=FALSE, Budget",
    "CkDurable=FALSE, Covered",
    "CkDurable=FALSE, Budget",
    "CkIdem=FALSE, Outstanding",
    "CkCas=FALSE CkRevokeCas=FALSE, NoPost"
  })
  void withoutThisCheckReplicasBreakTheProperty(String constants, String property)
      throws Exception {
    assertThat(new Tlc(folder).violated(TlaModule.RACE, constants(constants), List.of(property)))
        .isEqualTo(property);
  }

  private static Map<String, String> constants(String assignments) {
    return Arrays.stream(assignments.split(" "))
        .filter(a -> !a.isEmpty())
        .map(a -> a.split("=", 2))
        .collect(Collectors.toMap(a -> a[0], a -> a[1]));
  }
}
