package dev.leasehold.testkit.story;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Account;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Vec;

/** One enclave of a told story, and the custodian's account of it. */
public final class Actor {
  public final Id id;
  final Ed25519Signer key;
  final long firstCseq;
  Signed<Grant> grant;
  Account account;
  long epoch;
  long seq;
  boolean stopped;

  /** H of its last heartbeat, or of its evidence. */
  Hash chain;

  /** H of its last receipt, or of its evidence. */
  Hash receipt;

  Actor(Id id, Ed25519Signer key, Hash evidence, Signed<Grant> grantZero) {
    this.id = id;
    this.key = key;
    this.chain = evidence;
    this.receipt = evidence;
    this.grant = grantZero;
    this.firstCseq = grantZero.body().cseq();
    this.epoch = grantZero.body().epoch();
    this.account = new Account(grantZero.body().allow(), Vec.ZERO);
  }

  /** What it may consume in all. */
  public Vec allow() {
    return account.allow();
  }

  /** What it last reported. */
  public Vec used() {
    return account.used();
  }

  public boolean isRunning() {
    return !stopped;
  }

  public Signed<Grant> grant() {
    return grant;
  }
}
