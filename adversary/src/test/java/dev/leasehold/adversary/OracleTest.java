package dev.leasehold.adversary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.adversary.world.Conduct;
import dev.leasehold.adversary.world.Front;
import dev.leasehold.adversary.world.Ledgers;
import dev.leasehold.adversary.world.Node;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An oracle that nothing offends proves nothing: each of these must be caught, for its reason. */
class OracleTest {
  /** Where every fault shows soon. */
  private static final long FIRST = 30;

  private static final long LAST = 90;
  private static final String MODEL = "every step is an action of the model";

  static Stream<Arguments> custodians() {
    return Stream.of(
        custodian(
            "answers before it commits",
            BrokenCustodians::answersBeforeItCommits,
            "what was answered is in the log"),
        custodian("forgets a commit", BrokenCustodians::forgetsACommit, MODEL),
        custodian("refunds on fence", BrokenCustodians::refundsOnFence, MODEL),
        custodian("loses use", BrokenCustodians::losesUse, "books: settled is the sum of use"),
        custodian(
            "answers anew", BrokenCustodians::answersAnew, "the same bytes get the same answer"),
        custodian("grants what is not on disk", BrokenCustodians::grantsWhatIsNotOnDisk, MODEL),
        custodian("grants after the stop", BrokenCustodians::grantsAfterTheStop, MODEL),
        custodian(
            "understates the exposure",
            BrokenCustodians::understatesTheExposure,
            "consumed after the stop is at most its X"),
        custodian(
            "signs wrongly", BrokenCustodians::signsWrongly, "every statement verifies offline"));
  }

  static Stream<Arguments> enclaves() {
    return Stream.of(
        enclave("rounds up", BrokenEnclaves::roundsUp, MODEL),
        enclave(
            "resends other bytes",
            BrokenEnclaves::resendsOtherBytes,
            "no two statements contradict each other"),
        enclave(
            "renews on HOLD",
            BrokenEnclaves::renewsOnHold,
            "only a grant of mode RUN or DRAIN moves the deadline"),
        enclave("adds grants up", BrokenEnclaves::addsGrantsUp, MODEL),
        enclave(
            "works in HOLD",
            BrokenEnclaves::worksInHold,
            "no work in HOLD, after STOP or after the deadline"),
        enclave("ends with a lie", BrokenEnclaves::endsWithALie, "a final tells the whole truth"),
        enclave(
            "understates its receipts",
            BrokenEnclaves::understatesItsReceipts,
            "the sum of receipts is what was used"),
        enclave("shows for nothing", BrokenEnclaves::showsForNothing, "what was shown is charged"),
        enclave(
            "signs for another answer",
            BrokenEnclaves::signsForAnotherAnswer,
            "a receipt speaks of what was asked and answered"),
        enclave("forks its receipts", BrokenEnclaves::forksItsReceipts, "receipts are one chain"),
        enclave(
            "shows in HOLD",
            BrokenEnclaves::showsInHold,
            "nothing is shown in HOLD, after STOP or after the deadline"));
  }

  private static Arguments custodian(String name, Function<Node, Front> bend, String rule) {
    return Arguments.of(name, bend, rule);
  }

  private static Arguments enclave(String name, Supplier<Conduct> conduct, String rule) {
    return Arguments.of(name, conduct, rule);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("custodians")
  void catchesACustodianThat(String name, Function<Node, Front> bend, String rule) {
    assertThat(firstFailure(Ledgers.SQLITE, bend, () -> Conduct.HONEST)).hasValue(rule);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("enclaves")
  void catchesAnEnclaveThat(String name, Supplier<Conduct> conduct, String rule) {
    assertThat(firstFailure(Ledgers.SQLITE, node -> node, conduct)).hasValue(rule);
  }

  static Stream<Arguments> replicas() {
    return Stream.of(
        custodian(
            "keeps its answers to itself",
            BrokenCustodians.keepsItsAnswersToItself(),
            "the same bytes get the same answer"),
        custodian(
            "grants what is not on disk",
            node ->
                node.toString().equals("n2") ? BrokenCustodians.grantsWhatIsNotOnDisk(node) : node,
            MODEL));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("replicas")
  void catchesAReplicaThat(String name, Function<Node, Front> bend, String rule) {
    assertThat(firstFailure(PostgresLedgers.shared(), bend, () -> Conduct.HONEST)).hasValue(rule);
  }

  private static Optional<String> firstFailure(
      Ledgers ledgers, Function<Node, Front> bend, Supplier<Conduct> conduct) {
    return LongStream.rangeClosed(FIRST, LAST)
        .mapToObj(seed -> failure(Schedule.of(seed), ledgers, bend, conduct.get()))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> failure(
      Schedule schedule, Ledgers ledgers, Function<Node, Front> bend, Conduct conduct) {
    try {
      Run.of(schedule, ledgers, bend, conduct);
      return Optional.empty();
    } catch (Run.Failed e) {
      return Optional.of(e.rule());
    }
  }
}
