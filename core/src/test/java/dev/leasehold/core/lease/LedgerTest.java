package dev.leasehold.core.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final Vec TRANCHE = out(2_000);

  private Ledger ledger = Ledger.open(out(10_000), out(5_000));

  /** The worked example of protocol §19, row by row. */
  @Test
  void workedExample() {
    Account a = take(ledger.grantZero(TRANCHE));
    assertRow(a, 2_000, 2_000, 0, 2_000);
    Account b = take(ledger.grantZero(TRANCHE));
    assertRow(b, 2_000, 4_000, 0, 4_000);
    a = take(ledger.heartbeat(a, out(1_472), TRANCHE, true));
    assertRow(a, 3_472, 5_472, 1_472, 4_000);
    assertRow(b, 2_000, 5_472, 1_472, 4_000); // fenced: nothing changes
    Account c = take(ledger.grantZero(TRANCHE));
    assertRow(c, 1_000, 6_472, 1_472, 5_000);
    a = take(ledger.heartbeat(a, out(3_264), TRANCHE, true));
    assertRow(a, 5_264, 8_264, 3_264, 5_000);
    // revoked: X = 5 000
    a = take(ledger.close(a, out(3_340)));
    assertRow(a, 3_340, 6_340, 3_340, 3_000);
    c = take(ledger.heartbeat(c, out(384), TRANCHE, false));
    assertRow(c, 1_000, 6_340, 3_724, 2_616);
    c = take(ledger.close(c, out(400)));
    assertRow(c, 400, 5_740, 3_740, 2_000);
    b = take(ledger.writeOff(b));
    assertRow(b, 2_000, 5_740, 5_740, 0);
    assertThat(ledger.residual()).isEqualTo(out(2_000));
  }

  @Test
  void booksThatDoNotBalanceCannotExist() {
    Vec b = out(10);
    assertThatThrownBy(() -> new Ledger(b, b, out(11), Vec.ZERO, Vec.ZERO))
        .hasMessageContaining("reserved");
    assertThatThrownBy(() -> new Ledger(b, out(5), out(6), Vec.ZERO, Vec.ZERO))
        .hasMessageContaining("exposureMax");
    assertThatThrownBy(() -> new Ledger(b, b, out(4), out(5), Vec.ZERO))
        .hasMessageContaining("settled");
    assertThatThrownBy(() -> new Account(out(1), out(2))).hasMessageContaining("used");
  }

  @Test
  void anInstanceIsAdmittedOnlyWithRoomInEveryBudgetedComponent() {
    Ledger l = Ledger.open(new Vec(1, 0, 10, 0), new Vec(1, 0, 10, 0));
    assertThat(l.admits()).isTrue();
    assertThat(l.grantZero(new Vec(1, 0, 2, 0)).ledger().admits()).isFalse();
  }

  /** Theorem 1 and 2 on random histories: whatever happens, the sums hold. */
  @Test
  void randomHistoriesKeepTheInvariants() {
    Random random = new Random(11);
    for (int run = 0; run < 300; run++) {
      ledger = Ledger.open(out(random.nextInt(1, 5_000)), out(0));
      ledger =
          Ledger.open(ledger.budget(), out(random.nextLong(0, ledger.budget().outputTokens() + 1)));
      Vec tranche = out(random.nextLong(0, ledger.exposureMax().outputTokens() + 1));
      Map<Integer, Account> open = new HashMap<>();
      long closedUse = 0;
      boolean active = true;
      Vec atStop = Vec.ZERO;
      for (int step = 0; step < 200; step++) {
        int id = random.nextInt(5);
        Account account = open.get(id);
        if (account == null) {
          if (active && ledger.admits()) {
            open.put(id, take(ledger.grantZero(tranche)));
          }
        } else {
          Vec used =
              out(
                  random.nextLong(
                      account.used().outputTokens(), account.allow().outputTokens() + 1));
          if (random.nextInt(4) == 0) {
            take(ledger.close(account, used));
            closedUse += used.outputTokens();
            open.remove(id);
          } else {
            open.put(id, take(ledger.heartbeat(account, used, tranche, active)));
          }
        }
        if (active && random.nextInt(150) == 0) {
          active = false;
          atStop = ledger.reserved();
        }
        long promised = closedUse;
        for (Account o : open.values()) {
          promised += o.allow().outputTokens();
        }
        assertThat(ledger.reserved().outputTokens()).isEqualTo(promised);
        assertThat(active || ledger.reserved().atMost(atStop)).isTrue();
      }
    }
  }

  private Account take(Ledger.Step step) {
    ledger = step.ledger();
    return step.account();
  }

  private void assertRow(Account a, long allow, long reserved, long settled, long exposure) {
    assertThat(a.allow()).isEqualTo(out(allow));
    assertThat(ledger.reserved()).isEqualTo(out(reserved));
    assertThat(ledger.settled()).isEqualTo(out(settled));
    assertThat(ledger.exposure()).isEqualTo(out(exposure));
  }

  private static Vec out(long tokens) {
    return new Vec(0, 0, tokens, 0);
  }
}
