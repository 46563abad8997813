package dev.leasehold.core.audit;

import dev.leasehold.core.lease.Receipt;
import dev.leasehold.core.lease.Vec;

/** What consumers hold against what the enclave reports (protocol §11.3). */
final class Receipts {
  private final Story story;

  Receipts(Story story) {
    this.story = story;
  }

  void receipt(InstanceStory i, Statement<Receipt> s) {
    Receipt r = s.body();
    story.findings.require(
        r.leaseId().equals(i.leaseId) && i.receiptsFollow.add(r.prev()),
        Rule.RECEIPT_CHAIN,
        i.subject,
        "one receipt of lease " + i.leaseId + " after " + r.prev(),
        "another, of lease " + r.leaseId(),
        s.hash());
    i.charged = i.charged.plusOrMax(r.charged());
  }

  /** An open account is charged ahead of its reports; a closed one is exact. */
  void total(InstanceStory i, Findings open) {
    Vec most = i.last == null ? i.allow() : i.last.body().used();
    open.require(
        i.charged.atMost(most), Rule.RECEIPT_CHARGED, i.subject, "at most " + most, i.charged);
  }
}
