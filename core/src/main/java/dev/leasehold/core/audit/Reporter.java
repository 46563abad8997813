package dev.leasehold.core.audit;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.Borrower;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.LeaseState;
import dev.leasehold.core.lease.Vec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Draws up the accounts, and what only the end of a story tells: sums and silence. */
final class Reporter {
  private final Story story;
  private final Trust trust;
  private final Receipts receipts;
  private final List<Report.IncidentLine> incidents;
  private final long statements;

  Reporter(
      Story story,
      Trust trust,
      Receipts receipts,
      List<Report.IncidentLine> incidents,
      long statements) {
    this.story = story;
    this.trust = trust;
    this.receipts = receipts;
    this.incidents = incidents;
    this.statements = statements;
  }

  Report report(long now) {
    List<Finding> findings = new ArrayList<>(story.findings.all());
    List<Report.LeaseAccount> leases = new ArrayList<>();
    for (LeaseStory lease : story.leases.values()) {
      Replay books = lease.books.replay();
      findings.addAll(books.findings());
      findings.addAll(open(lease, now));
      leases.add(account(lease, books));
    }
    return new Report(
        story.scope,
        trust.inForce().map(r -> r.body().approverSet()),
        statements,
        story.time,
        borrowers(leases),
        leases,
        List.copyOf(incidents),
        List.copyOf(findings));
  }

  private List<Finding> open(LeaseStory lease, long now) {
    Findings open = new Findings();
    for (InstanceStory i : lease.instances.values()) {
      receipts.total(i, open);
      if (story.scope == Scope.RELAY) {
        silence(lease, i, now, open);
      }
    }
    return open.all();
  }

  /** A message of the enclave that has neither answer nor signed refusal. */
  private void silence(LeaseStory lease, InstanceStory i, long now, Findings open) {
    Statement<?> waiting = waiting(i);
    long ttl = lease.terms == null ? 0 : lease.terms.body().ttlMs();
    if (waiting != null && !story.refusals.containsKey(waiting.hash()) && now - i.saidAt > ttl) {
      open.add(
          Rule.SILENCE,
          i.subject,
          "an answer within " + ttl + " ms",
          "none after " + (now - i.saidAt) + " ms by the relay's clock",
          waiting.hash());
    }
  }

  private static @Nullable Statement<?> waiting(InstanceStory i) {
    if (i.closure != null) {
      return null;
    }
    if (i.last != null) {
      return i.last;
    }
    long answered = i.grant == null ? 0 : i.grant.body().seq();
    return i.heartbeat != null && i.heartbeat.body().seq() > answered ? i.heartbeat : null;
  }

  private Report.LeaseAccount account(LeaseStory lease, Replay books) {
    Optional<Lease> terms = Optional.ofNullable(lease.terms).map(Statement::body);
    return new Report.LeaseAccount(
        lease.id,
        terms.map(Lease::borrowerId),
        terms.map(Lease::version).orElse(0L),
        state(lease, terms),
        terms.map(Lease::budget).orElse(Vec.ZERO),
        books.promised(),
        books.proven(),
        books.refunded(),
        books.exposure(),
        books.residual(),
        lease.commands.isEmpty() ? 0 : lease.commands.lastKey(),
        books.revocations(),
        lease.instances.values().stream().map(Reporter::account).toList());
  }

  private LeaseState state(LeaseStory lease, Optional<Lease> terms) {
    LeaseState state = lease.state();
    if (!state.isTerminal() && terms.filter(t -> story.time >= t.notAfter()).isPresent()) {
      state = LeaseState.EXPIRED;
    }
    boolean settled =
        state.isTerminal()
            && lease.instances.values().stream().noneMatch(InstanceStory::isUnresolved);
    return settled ? LeaseState.SETTLED : state;
  }

  private static Report.InstanceAccount account(InstanceStory i) {
    return new Report.InstanceAccount(
        i.id,
        standing(i),
        i.newestSeq(),
        i.allow(),
        i.used(),
        i.closure == null ? Vec.ZERO : i.closure.body().refund(),
        i.keyid(),
        cessation(i));
  }

  private static Report.Standing standing(InstanceStory i) {
    if (i.closure != null) {
      return Report.Standing.CLOSED;
    }
    if (i.writtenOff) {
      return Report.Standing.WRITTEN_OFF;
    }
    return i.grant == null ? Report.Standing.CHALLENGED : Report.Standing.UNRESOLVED;
  }

  private static Optional<Report.Cessation> cessation(InstanceStory i) {
    if (i.closure == null || i.last == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Report.Cessation(
            i.last.hash(),
            i.finalVerified,
            i.last.body().reason(),
            i.closure.hash(),
            i.closure.body().issuedAt()));
  }

  private List<Report.BorrowerAccount> borrowers(List<Report.LeaseAccount> leases) {
    Map<Id, List<Report.LeaseAccount>> byBorrower = new LinkedHashMap<>();
    for (Report.LeaseAccount l : leases) {
      l.borrowerId().ifPresent(b -> byBorrower.computeIfAbsent(b, x -> new ArrayList<>()).add(l));
    }
    return byBorrower.entrySet().stream().map(e -> total(e.getKey(), e.getValue())).toList();
  }

  private Report.BorrowerAccount total(Id borrower, List<Report.LeaseAccount> leases) {
    return new Report.BorrowerAccount(
        borrower,
        Optional.ofNullable(story.borrowers.get(borrower))
            .map(Statement::body)
            .map(Borrower::name)
            .orElse(""),
        leases.size(),
        Vec.sumOrMax(leases.stream().map(Report.LeaseAccount::proven)),
        Vec.sumOrMax(leases.stream().map(Report.LeaseAccount::exposure)),
        Vec.sumOrMax(leases.stream().map(Report.LeaseAccount::residual)));
  }
}
