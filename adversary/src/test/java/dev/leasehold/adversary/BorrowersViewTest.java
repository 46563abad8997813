package dev.leasehold.adversary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.adversary.world.Conduct;
import dev.leasehold.adversary.world.Front;
import dev.leasehold.adversary.world.Ledgers;
import dev.leasehold.adversary.world.Node;
import dev.leasehold.adversary.world.SimRelay;
import dev.leasehold.core.audit.Rule;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A custodian that lies to a borrower raises an alarm at his relay, and where it has signed its lie
 * an audit of what the relay exports proves it, under its own name. What an enclave signs for
 * consumers proves what it did, once they show it.
 */
class BorrowersViewTest {
  private static final long FIRST = 30;
  private static final long LAST = 60;

  static Stream<Arguments> liars() {
    return Stream.of(
        liar(
            "two grants for one seq",
            BrokenCustodians::answersAnew,
            "grant for seq ",
            Rule.GRANT_TWICE),
        liar("over-billing", BrokenCustodians::overBills, "grant.used", Rule.GRANT_USED),
        liar(
            "an allowance taken back",
            BrokenCustodians::takesBack,
            "grant.allow",
            Rule.ALLOW_LOWERED),
        liar("grants that are not in the log", BrokenCustodians::hidesFromTheLog, "log.inclusion"));
  }

  private static Arguments liar(
      String lie, Function<Node, Front> bend, String alarm, Rule... proven) {
    return Arguments.of(lie, bend, alarm, List.of(proven));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("liars")
  void itIsAnAlarmAndAFinding(
      String lie, Function<Node, Front> bend, String alarm, List<Rule> proven) {
    assertThat(
            accounts(bend, () -> Conduct.HONEST)
                .anyMatch(a ->
                    a.alarms().stream().anyMatch(x -> x.what().startsWith(alarm))
                        && proven.stream().allMatch(r -> proves(a, r))))
        .isTrue();
  }

  static Stream<Arguments> cheats() {
    return Stream.of(
        cheat(
            "receipts for more than was allowed",
            BrokenEnclaves::overstatesItsReceipts,
            Rule.RECEIPT_CHARGED),
        cheat(
            "two receipts after the same one",
            BrokenEnclaves::forksItsReceipts,
            Rule.RECEIPT_CHAIN));
  }

  private static Arguments cheat(String cheat, Supplier<Conduct> conduct, Rule proven) {
    return Arguments.of(cheat, conduct, proven);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cheats")
  void consumersReceiptsProveIt(String cheat, Supplier<Conduct> conduct, Rule proven) {
    assertThat(accounts(node -> node, conduct).anyMatch(a -> proves(a, proven))).isTrue();
  }

  private static boolean proves(SimRelay.Account account, Rule rule) {
    return account.report().findings().stream().anyMatch(f -> f.rule() == rule);
  }

  /** Of the runs that fail. */
  private static Stream<SimRelay.Account> accounts(
      Function<Node, Front> bend, Supplier<Conduct> conduct) {
    return LongStream.rangeClosed(FIRST, LAST)
        .mapToObj(seed -> account(Schedule.of(seed), bend, conduct.get()))
        .flatMap(Optional::stream);
  }

  private static Optional<SimRelay.Account> account(
      Schedule schedule, Function<Node, Front> bend, Conduct conduct) {
    try {
      Run.of(schedule, Ledgers.SQLITE, bend, conduct);
      return Optional.empty();
    } catch (Run.Failed e) {
      return Optional.of(e.account());
    }
  }
}
