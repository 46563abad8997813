package dev.leasehold.core.audit;

import static dev.leasehold.core.audit.Party.APPROVERS;
import static dev.leasehold.core.audit.Party.CUSTODIAN;
import static dev.leasehold.core.audit.Party.ENCLAVE;
import static dev.leasehold.core.audit.Party.NOBODY;
import static dev.leasehold.core.audit.Severity.INCOMPLETE;
import static dev.leasehold.core.audit.Severity.INCONSISTENT;
import static dev.leasehold.core.audit.Severity.MISBEHAVIOUR;

/** Every rule of an audit: what must hold, and who can prove what against whom when it does not. */
public enum Rule {
  FORM(
      "statement.form",
      "§4",
      INCONSISTENT,
      NOBODY,
      "each statement is well-formed and of a kind that belongs here",
      "A statement that cannot be read proves nothing and is left out."),
  STANDING_QUORUM(
      "standing.quorum",
      "§4.2, §6.1, §6.4",
      INCONSISTENT,
      NOBODY,
      "rosters, leases, other standing objects and orders carry the signatures the roster asks for",
      "Without them it binds nobody; who shows it as in force shows a forgery."),
  GRANT_KEY(
      "custodian.signature",
      "§6.1, §6.3",
      INCONSISTENT,
      NOBODY,
      "what the custodian says is signed by a grant key of the roster, valid at issuedAt",
      "It is not the custodian's word: it proves nothing against it, nor for it."),
  ENCLAVE_KEY(
      "enclave.signature",
      "§6.2, §6.3",
      INCONSISTENT,
      NOBODY,
      "what an enclave says is signed by the key of its evidence",
      "It is not that enclave's word."),
  VERSION(
      "standing.version",
      "§6.1",
      MISBEHAVIOUR,
      APPROVERS,
      "each version of a standing object counts one more and names the hash of the one before",
      "Both versions carry the approvers' quorum: anybody sees that they cannot both be history."),
  LEASE_UNCHANGED(
      "lease.unchanged",
      "§6.1",
      MISBEHAVIOUR,
      APPROVERS,
      "borrowerId, package and notBefore of a lease never change",
      "Both versions carry the approvers' quorum."),
  MISSING(
      "story.missing",
      "§6",
      INCOMPLETE,
      NOBODY,
      "what a statement names is here too",
      "It exists, for it is named in a signed statement; what it says cannot be checked here."),
  LOG_GAP(
      "log.gap",
      "§10",
      MISBEHAVIOUR,
      CUSTODIAN,
      "everything that must be logged is in the log, before what refers to it",
      "The custodian's signature names it, and the log it signed does not hold it at that place."),
  APPRAISED(
      "grant.appraised",
      "§6.2",
      MISBEHAVIOUR,
      CUSTODIAN,
      "grant 0 follows an affirming appraisal of the same evidence and key",
      "The custodian signed an allowance, and with it a key, for what it had not appraised."),
  APPRAISAL_MEASUREMENT(
      "appraisal.measurement",
      "§6.2 step 5",
      MISBEHAVIOUR,
      CUSTODIAN,
      "the appraised measurement is an entry of the measurement set the appraisal names",
      "The custodian's appraisal contradicts the approvers' measurement set."),
  APPRAISAL_PLATFORM(
      "appraisal.platform",
      "§6.2 step 6",
      MISBEHAVIOUR,
      CUSTODIAN,
      "the appraised machine is in the borrower's list with its tier, good enough for the lease",
      "The custodian's appraisal contradicts the approvers' list of machines."),
  KEY_REUSED(
      "enclave.key-reused",
      "§6.2 step 9",
      MISBEHAVIOUR,
      CUSTODIAN,
      "no two instances share a key",
      "The custodian signed grants for one key under two names."),
  GRANT_ADDRESSEE(
      "grant.addressee",
      "§6.3",
      MISBEHAVIOUR,
      CUSTODIAN,
      "all grants of an instance are for one lease, one key and one incarnation",
      "The custodian's own signatures contradict each other."),
  GRANT_TWICE(
      "grant.two-for-one-seq",
      "§6.3, §9.6(3)",
      MISBEHAVIOUR,
      CUSTODIAN,
      "there is one grant for each seq",
      "Two grants for one seq, both under the custodian's key: who holds both proves it."),
  GRANT_PREV(
      "grant.prev",
      "§6.3",
      MISBEHAVIOUR,
      CUSTODIAN,
      "a grant names the grant before it, the first one the challenge",
      "The custodian signed a history that is not the one it signed before."),
  GRANT_HB(
      "grant.hb",
      "§6.3",
      MISBEHAVIOUR,
      CUSTODIAN,
      "a grant names the heartbeat it answers, the first one the evidence",
      "The custodian signed an answer to something the enclave did not sign for that seq."),
  GRANT_USED(
      "grant.used",
      "§6.3, §9.6(3)",
      MISBEHAVIOUR,
      CUSTODIAN,
      "used in a grant is what the heartbeat it names reports",
      "Over-billing or loss of paid use: the heartbeat and the grant that names it differ."),
  GRANT_USED_LOWERED(
      "grant.used-lowered",
      "§6.3",
      MISBEHAVIOUR,
      CUSTODIAN,
      "used never falls from one grant to the next",
      "Use is cumulative; the custodian's two signatures contradict each other."),
  HEARTBEAT_CHAIN(
      "heartbeat.chain",
      "§6.3",
      MISBEHAVIOUR,
      ENCLAVE,
      "a heartbeat counts one more, names the one before and the newest grant",
      "The enclave's key signed a history that is not the one it signed before."),
  HEARTBEAT_TWICE(
      "heartbeat.two-for-one-seq",
      "§6.3 step 5",
      MISBEHAVIOUR,
      ENCLAVE,
      "there is one heartbeat for each seq and epoch",
      "Two heartbeats for one seq under one key: a clone, or a key that left its enclave."),
  HEARTBEAT_USED(
      "heartbeat.used",
      "§6.3 step 6",
      MISBEHAVIOUR,
      ENCLAVE,
      "reported use never falls and never exceeds the allowance",
      "The enclave's signature admits use that the custodian never allowed, or takes back use."),
  ALLOW_LOWERED(
      "grant.allow-lowered",
      "§6.3, §8.2",
      MISBEHAVIOUR,
      CUSTODIAN,
      "an allowance is never lowered by a grant",
      "What was paid for is taken back: the custodian's two signatures contradict each other."),
  ALLOW_CEILING(
      "grant.ceiling",
      "§6.3 step 4",
      MISBEHAVIOUR,
      CUSTODIAN,
      "a raised allowance is at most the budget, and at most a tranche above reported use",
      "The custodian's grant exceeds the approvers' lease."),
  GRANT_TTL(
      "grant.ttl",
      "§6.3 step 4",
      MISBEHAVIOUR,
      CUSTODIAN,
      "ttlMs of a grant is at most that of the lease",
      "The custodian's grant exceeds the approvers' lease."),
  GRANT_VALIDITY(
      "grant.validity",
      "§6.3 step 4",
      MISBEHAVIOUR,
      CUSTODIAN,
      "an allowance is raised only between notBefore and notAfter of the lease",
      "The custodian's grant lies outside the approvers' lease."),
  COMMAND_TWICE(
      "command.two-for-one-cseq",
      "§6.4",
      MISBEHAVIOUR,
      CUSTODIAN,
      "there is one command for each cseq",
      "Two commands for one cseq, both under the custodian's key."),
  COMMAND_ORDER(
      "command.order",
      "§6.4, §13",
      MISBEHAVIOUR,
      CUSTODIAN,
      "RESUME, RECALL and DRAIN follow an order of people for this lease and this action",
      "The custodian started something nobody with the right to had signed."),
  RESUME_ORDER(
      "resume.order",
      "§6.4",
      MISBEHAVIOUR,
      CUSTODIAN,
      "a RESUME order names the cseq and the lease version it saw, and had not expired",
      "The custodian carried out an order for another moment."),
  AFTER_REVOKE(
      "revoke.final",
      "§8.1",
      MISBEHAVIOUR,
      CUSTODIAN,
      "after a REVOKE of the whole lease nothing resumes, recalls or drains it",
      "The custodian signed a REVOKE and then signed that the lease goes on."),
  COMMAND_EPOCH(
      "command.epoch",
      "§6.4",
      MISBEHAVIOUR,
      CUSTODIAN,
      "RECALL raises the epoch by one; nothing else changes it",
      "The custodian's commands contradict each other."),
  GRANT_EPOCH(
      "grant.epoch",
      "§6.3 step 4",
      MISBEHAVIOUR,
      CUSTODIAN,
      "a grant is of the epoch of the newest command it knows",
      "An instance attested under an old policy was given something after the recall."),
  RAISED_AFTER_STOP(
      "grant.raised-after-stop",
      "§3 Theorem 2, §8.2",
      MISBEHAVIOUR,
      CUSTODIAN,
      "no allowance is raised, and no enclave admitted, once the lease has left ACTIVE",
      "The stop and the later grant carry the same party's signature: X was not the truth."),
  GRANT_MODE(
      "grant.mode",
      "§6.3",
      MISBEHAVIOUR,
      CUSTODIAN,
      "mode is STOP after a revoke or notAfter, HOLD while suspended, DRAIN when told so, else RUN",
      "The grant contradicts the command whose cseq it carries."),
  GRANT_CSEQ(
      "grant.cseq",
      "§6.3, §6.4",
      MISBEHAVIOUR,
      CUSTODIAN,
      "a grant carries the cseq of the newest command at its time",
      "The grant was made as if a command did not exist that the custodian had signed before it."),
  WRITE_OFF(
      "write-off.open",
      "§6.4, §8.2",
      MISBEHAVIOUR,
      CUSTODIAN,
      "only an instance that is unresolved is written off",
      "An order was carried out on an account that was not open."),
  FINAL_CHAIN(
      "final.chain",
      "§6.4",
      MISBEHAVIOUR,
      ENCLAVE,
      "a final follows the last heartbeat of its instance, and there is one",
      "The enclave's key signed an end that does not follow from what it signed before."),
  FINAL_USED(
      "final.used",
      "§6.4",
      MISBEHAVIOUR,
      ENCLAVE,
      "final use is at least what was reported and at most the allowance",
      "The enclave's signature admits use that the custodian never allowed, or takes back use."),
  FINAL_TAKEN(
      "final.taken",
      "§6.4",
      MISBEHAVIOUR,
      CUSTODIAN,
      "a final in a log is one that the custodian had to take: of its instance's key by name, after"
          + " its last heartbeat, of use between what was reported and the allowance",
      "The custodian logged a final that it had to refuse. Whether the enclave's key signed it, a"
          + " log does not show."),
  CLOSURE_FINAL(
      "closure.final",
      "§6.4",
      MISBEHAVIOUR,
      CUSTODIAN,
      "a closure answers a final of its instance and repeats its use",
      "Over-billing: the closure differs from the final it names, or there is none."),
  CLOSURE_REFUND(
      "closure.refund",
      "§6.4, §8.2",
      MISBEHAVIOUR,
      CUSTODIAN,
      "a refund is the allowance of the newest grant less the final use",
      "The custodian's grant and closure contradict each other."),
  CLOSURE_TWICE(
      "closure.twice",
      "§6.4",
      MISBEHAVIOUR,
      CUSTODIAN,
      "an account is closed once",
      "A second refund for one final."),
  AFTER_END(
      "after-the-end",
      "§6.4, §8.1",
      MISBEHAVIOUR,
      CUSTODIAN,
      "nothing is granted to an instance that is closed or written off",
      "The custodian gave to an account it had closed."),
  BUDGET(
      "books.budget",
      "§3 Theorem 1",
      MISBEHAVIOUR,
      CUSTODIAN,
      "all allowances less refunds are at no instant more than the budget",
      "The grants of one lease, added up at the times they carry, exceed the approvers' budget."),
  EXPOSURE(
      "books.exposure",
      "§3 Theorem 2",
      MISBEHAVIOUR,
      CUSTODIAN,
      "what is promised and not proven used is at no instant more than exposureMax",
      "The grants of one lease, added up at the times they carry, exceed the approvers' cap."),
  SILENCE(
      "silence",
      "§10",
      INCOMPLETE,
      NOBODY,
      "each heartbeat and final is answered within ttlMs",
      "The borrower can show that it holds the enclave's signed message and no answer. That it was"
          + " sent, or that no answer came, rests on the relay's word; the custodian can refute it"
          + " by showing the answer."),
  RECEIPT_CHAIN(
      "receipt.chain",
      "§11.3",
      MISBEHAVIOUR,
      ENCLAVE,
      "receipts of an instance are of its lease and no two follow the same one",
      "Two receipts that follow one: a clone, or a key that left its enclave."),
  RECEIPT_CHARGED(
      "receipt.charged",
      "§9.2, §11.3",
      MISBEHAVIOUR,
      ENCLAVE,
      "what the receipts charge is together at most the proven use, or the allowance while open",
      "Consumers were charged for more than the enclave admits to the custodian."),
  LOG_CHECKPOINT(
      "log.checkpoint",
      "§10",
      INCONSISTENT,
      NOBODY,
      "a checkpoint is a note signed by the log key of the roster",
      "Without that signature it is not the custodian's checkpoint."),
  LOG_CONSISTENCY(
      "log.consistency",
      "§10",
      MISBEHAVIOUR,
      CUSTODIAN,
      "each checkpoint extends the one before",
      "Two checkpoints under the log key, of which neither contains the other: a split view, or a"
          + " log cut back or rewritten."),
  LOG_ENTRIES(
      "log.entries",
      "§10",
      MISBEHAVIOUR,
      CUSTODIAN,
      "the entries served hash to the checkpoint",
      "The custodian signed a root over other entries than those it serves."),
  LOG_REFERENCE(
      "log.reference",
      "§4.1, §10",
      MISBEHAVIOUR,
      CUSTODIAN,
      "the checkpoint that a statement names is one of this log",
      "The custodian signed a root that its log, which it also signed, never had at that size."),
  TABLES(
      "log.tables",
      "§8.3, §10",
      INCONSISTENT,
      CUSTODIAN,
      "what the custodian's tables show is what its log says of the same version, cseq and seq",
      "The tables were changed by no step that was logged. The view is unsigned: it shows the"
          + " custodian where to look, and proves nothing to others."),
  LOG_ENTRY_FORM(
      "log.entry",
      "§4.2, §10",
      MISBEHAVIOUR,
      CUSTODIAN,
      "an entry is the one serialisation E(m) of an envelope",
      "The custodian logged, under a signed root, what is not a statement.");

  private final String code;
  private final String section;
  private final Severity severity;
  private final Party against;
  private final String holds;
  private final String proof;

  Rule(String code, String section, Severity severity, Party against, String holds, String proof) {
    this.code = code;
    this.section = section;
    this.severity = severity;
    this.against = against;
    this.holds = holds;
    this.proof = proof;
  }

  /** Its name in reports and tests, such as {@code grant.prev}. */
  public String code() {
    return code;
  }

  /** Where the protocol states it. */
  public String section() {
    return section;
  }

  public Severity severity() {
    return severity;
  }

  public Party against() {
    return against;
  }

  /** What must hold, in plain words. */
  public String holds() {
    return holds;
  }

  /** What a breach proves, to whom, against whom. */
  public String proof() {
    return proof;
  }
}
