package dev.leasehold.core.audit;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.Account;
import dev.leasehold.core.lease.Vec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The sums of protocol §8.2, step by step. The caps are compared once an instant is over: steps
 * that carry the same time may be shown in another order than they were made.
 */
final class Replay {
  private final Findings.Subject subject;
  private final Map<Id, Account> accounts = new HashMap<>();
  private final Set<Id> unheard = new HashSet<>();
  private final Map<Id, Vec> unanswered = new HashMap<>();
  private final Map<Id, Vec> finished = new HashMap<>();
  private final List<Stop> stops = new ArrayList<>();
  private final Findings findings = new Findings();
  private Vec budget = Vec.ZERO;
  private Vec cap = Vec.ZERO;
  private Vec promised = Vec.ZERO;
  private Vec proven = Vec.ZERO;
  private Vec refunded = Vec.ZERO;
  private Vec residual = Vec.ZERO;
  private boolean termsKnown;
  private long at;
  private @Nullable Hash newest;
  private Set<Rule> broken = Set.of();

  Replay(Id lease) {
    this.subject = Findings.Subject.lease(lease);
  }

  /** The sums as they were at a revoke. */
  private record Stop(Books.Posting.Revoked by, Vec x, Vec proven, Vec refunded, Vec residual) {}

  void apply(Books.Posting p) {
    if (p.at() != at && p.at() != 0) {
      List<Finding> breaches = breaches();
      findings.addAll(begun(breaches));
      broken = breaches.stream().map(Finding::rule).collect(Collectors.toSet());
      at = p.at();
    }
    newest = p.statement();
    switch (p) {
      case Books.Posting.Terms t -> {
        termsKnown = true;
        budget = t.budget();
        cap = t.exposureMax();
      }
      case Books.Posting.Granted g -> set(g.instance(), g.allow(), g.used());
      case Books.Posting.Closed c -> {
        Vec allow = account(c.instance()).allow();
        refunded = refunded.plusOrMax(allow.minusOrZero(c.used()));
        set(c.instance(), c.used(), c.used());
      }
      case Books.Posting.WrittenOff w -> {
        Account open = account(w.instance());
        residual = residual.plusOrMax(open.exposure());
      }
      case Books.Posting.Unanswered u -> unanswered.put(u.instance(), u.used());
      case Books.Posting.Finished f -> finished.put(f.instance(), f.used());
      case Books.Posting.LastHeard l -> unheard.add(l.instance());
      case Books.Posting.Revoked r ->
          stops.add(new Stop(r, exposure(), proven, refunded, residual));
    }
  }

  Vec promised() {
    return promised;
  }

  Vec proven() {
    return proven;
  }

  Vec refunded() {
    return refunded;
  }

  Vec residual() {
    return residual;
  }

  /** Promised, not proven used, not written off. */
  Vec exposure() {
    return promised.minusOrZero(proven.plusOrMax(residual));
  }

  /** What was found at instants that are over, and at the newest one. */
  List<Finding> findings() {
    List<Finding> all = new ArrayList<>(findings.all());
    all.addAll(begun(breaches()));
    return all;
  }

  List<Report.Revocation> revocations() {
    return stops.stream()
        .map(s ->
            new Report.Revocation(
                s.by.statement(),
                s.by.cseq(),
                s.by.at(),
                s.x,
                proven.minusOrZero(s.proven),
                refunded.minusOrZero(s.refunded),
                residual.minusOrZero(s.residual),
                exposure()))
        .toList();
  }

  /** A breach is written down when it begins, not at every step while it lasts. */
  private List<Finding> begun(List<Finding> breaches) {
    return breaches.stream().filter(f -> !broken.contains(f.rule())).toList();
  }

  private List<Finding> breaches() {
    Findings now = new Findings();
    if (termsKnown && newest != null) {
      Vec kept = promised.minusOrZero(maybeRefunded());
      now.require(kept.atMost(budget), Rule.BUDGET, subject, "at most " + budget, kept, newest);
      Vec certain = exposure().minusOrZero(doubtful());
      now.require(certain.atMost(cap), Rule.EXPOSURE, subject, "at most " + cap, certain, newest);
    }
    return now.all();
  }

  /** What the custodian may have known to be used, or written off, without this relay's knowing. */
  private Vec doubtful() {
    return Vec.sumOrMax(
        accounts.keySet().stream()
            .map(i -> unheard.contains(i) ? account(i).exposure() : maybeUsed(i)));
  }

  private Vec maybeRefunded() {
    return Vec.sumOrMax(
        finished.entrySet().stream()
            .map(e -> account(e.getKey()).allow().minusOrZero(e.getValue())));
  }

  private Vec maybeUsed(Id instance) {
    Account account = account(instance);
    return unanswered.getOrDefault(instance, Vec.ZERO).minusOrZero(account.used());
  }

  private Account account(Id instance) {
    return accounts.getOrDefault(instance, Account.NONE);
  }

  private void set(Id instance, Vec allow, Vec used) {
    Account before = account(instance);
    Account next = new Account(allow, used.min(allow));
    promised = promised.minusOrZero(before.allow()).plusOrMax(next.allow());
    proven = proven.minusOrZero(before.used()).plusOrMax(next.used());
    accounts.put(instance, next);
  }
}
