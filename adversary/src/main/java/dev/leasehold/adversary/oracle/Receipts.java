package dev.leasehold.adversary.oracle;

import dev.leasehold.adversary.world.SimConsumer.Answered;
import dev.leasehold.adversary.world.SimEnclave;
import dev.leasehold.adversary.world.SimStream;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Receipt;
import dev.leasehold.core.lease.Vec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Judges what enclaves give to consumers. It sees every receipt, those too that the host keeps from
 * them; what broke off has none and is known from where it was done.
 */
final class Receipts {
  private static final String SUM = "the sum of receipts is what was used";

  private final Notary notary;
  private final Map<SimEnclave, Account> accounts = new HashMap<>();

  /**
   * The receipts of an enclave so far.
   *
   * @param next what the next one must name
   */
  private record Account(int count, Hash next, Vec charged) {}

  Receipts(Notary notary) {
    this.notary = notary;
  }

  /**
   * Looks at all that an enclave has given and done.
   *
   * @return the receipts that are new, for a trace
   */
  List<String> look(SimEnclave e) {
    if (e.loop().isEmpty()) {
      return List.of();
    }
    List<String> news = new ArrayList<>();
    List<SimStream> ended = e.serving().ended();
    for (SimStream s : ended.subList(account(e).count, ended.size())) {
      Receipt r = take(e, s.answered());
      news.add(e.name() + " receipt " + r.finish() + " " + r.charged());
    }
    Vec open = e.serving().open().stream().map(SimStream::charged).reduce(Vec.ZERO, Vec::plus);
    same(e, e.done().minus(open));
    return news;
  }

  /** This is all that the enclave, or the custodian, says it has used. */
  void same(SimEnclave e, Vec used) {
    Vec known = account(e).charged.plus(e.serving().brokenOff());
    Violation.require(known.equals(used), SUM, e.name() + ": " + known + " of " + used);
  }

  private Receipt take(SimEnclave e, Answered answered) {
    Account before = account(e);
    Signed<Receipt> signed = notary.receipt(e.instance().orElseThrow(), answered.receipt());
    Receipt r = signed.body();
    Violation.require(
        r.requestHash().equals(answered.request()) && r.responseHash().equals(answered.response()),
        "a receipt speaks of what was asked and answered",
        r + " of " + answered);
    Violation.require(
        answered.tokens() <= r.charged().outputTokens(),
        "what was shown is charged",
        answered.tokens() + " tokens: " + r);
    Violation.require(
        r.prev().equals(before.next), "receipts are one chain", r + " after " + before);
    accounts.put(e, new Account(before.count + 1, signed.hash(), before.charged.plus(r.charged())));
    return r;
  }

  private Account account(SimEnclave e) {
    Account known = accounts.get(e);
    return known == null ? new Account(0, first(e), Vec.ZERO) : known;
  }

  private static Hash first(SimEnclave e) {
    return e.loop().orElseThrow().me().evidence();
  }
}
