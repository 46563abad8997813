package dev.leasehold.adversary;

import dev.leasehold.adversary.world.Answer;
import dev.leasehold.adversary.world.Conduct;
import dev.leasehold.adversary.world.Request;
import dev.leasehold.adversary.world.Request.Desk;
import dev.leasehold.adversary.world.SimEnclave;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Receipt;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Vec;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** Programs with one thing wrong each: what the shipped one must never become. */
final class BrokenEnclaves {
  private BrokenEnclaves() {}

  /** Reports a little more than it has used. */
  static Conduct roundsUp() {
    return new Conduct() {
      @Override
      public Request sends(SimEnclave e, Request request) {
        return request.desk() == Desk.HEARTBEAT
            ? request.with(reported(e, request, h -> h.used().plus(new Vec(0, 0, 1, 0)), 0))
            : request;
      }
    };
  }

  /** Makes a heartbeat anew where it should send the same bytes. */
  static Conduct resendsOtherBytes() {
    Set<String> seen = new HashSet<>();
    return new Conduct() {
      @Override
      public Request sends(SimEnclave e, Request request) {
        boolean again = request.desk() == Desk.HEARTBEAT && !seen.add(request.body());
        return again ? request.with(reported(e, request, Heartbeat::used, 1_000)) : request;
      }
    };
  }

  /** Takes an answer of mode HOLD for a sign of life. */
  static Conduct renewsOnHold() {
    return new Conduct() {
      @Override
      public void took(SimEnclave e, Answer answer) {
        if (e.guard().state().mode() == Mode.HOLD && e.phase() == SimEnclave.Phase.RUNNING) {
          e.guard().renew(e.now() + TimeUnit.HOURS.toNanos(1));
        }
      }
    };
  }

  /** Adds up grants instead of taking the newest. */
  static Conduct addsGrantsUp() {
    return new Conduct() {
      @Override
      public void took(SimEnclave e, Answer answer) {
        if (answer.bundle(Bundles.HeartbeatReply.class).isPresent()) {
          e.guard().raise(e.guard().state().allow().times(2));
        }
      }
    };
  }

  /** Works on while it is held or stopped. */
  static Conduct worksInHold() {
    return new Conduct() {
      @Override
      public boolean worksAnyway(SimEnclave e, Vec need) {
        return e.guard().state().mode() != Mode.RUN;
      }
    };
  }

  /** Signs a final for less than it did. */
  static Conduct endsWithALie() {
    return new Conduct() {
      @Override
      public Request sends(SimEnclave e, Request request) {
        return request.desk() == Desk.FINAL ? request.with(nothingUsed(e, request)) : request;
      }
    };
  }

  /** Signs receipts that leave the admission out. */
  static Conduct understatesItsReceipts() {
    return givesFor(charged -> charged.minus(new Vec(1, 0, 0, 0)));
  }

  /** Signs receipts that leave what was shown out. */
  static Conduct showsForNothing() {
    return givesFor(charged -> new Vec(charged.requests(), 0, 0, 0));
  }

  /** Signs receipts for more than any lease of a schedule allows. */
  static Conduct overstatesItsReceipts() {
    return givesFor(charged -> charged.plus(new Vec(1_000_000, 0, 0, 0)));
  }

  private static Conduct givesFor(UnaryOperator<Vec> change) {
    return new Conduct() {
      @Override
      public Envelope gives(SimEnclave e, Envelope receipt) {
        return resigned(
            e, receipt, r -> with(r, r.responseHash(), change.apply(r.charged()), r.prev()));
      }
    };
  }

  /** Signs all receipts as if each were its first. */
  static Conduct forksItsReceipts() {
    return new Conduct() {
      @Override
      public Envelope gives(SimEnclave e, Envelope receipt) {
        Hash first = e.loop().orElseThrow().me().evidence();
        return resigned(e, receipt, r -> with(r, r.responseHash(), r.charged(), first));
      }
    };
  }

  /** Signs receipts for another answer than it gave. */
  static Conduct signsForAnotherAnswer() {
    return new Conduct() {
      @Override
      public Envelope gives(SimEnclave e, Envelope receipt) {
        return resigned(e, receipt, r -> with(r, r.requestHash(), r.charged(), r.prev()));
      }
    };
  }

  /** Shows what it has made, whatever has become of the lease. */
  static Conduct showsInHold() {
    return new Conduct() {
      @Override
      public boolean showsAnyway(SimEnclave e) {
        return true;
      }
    };
  }

  private interface Use {
    Vec of(Heartbeat h);
  }

  private static String reported(SimEnclave e, Request request, Use use, long laterMs) {
    Bundles.HeartbeatPost post = Bundle.parseStored(Bundles.HeartbeatPost.class, request.body());
    try {
      Heartbeat h = Statements.HEARTBEAT.decode(post.heartbeat().payload().toArray());
      Heartbeat other =
          new Heartbeat(
              h.leaseId(),
              h.instanceId(),
              h.epoch(),
              h.incarnation(),
              h.seq(),
              h.prev(),
              h.ack(),
              use.of(h),
              h.mode(),
              h.finished(),
              h.aborted(),
              h.denied(),
              h.lengths(),
              h.monoMs() + laterMs,
              h.tMin(),
              h.cseq());
      return Bundle.text(
          Bundles.HeartbeatPost.class,
          new Bundles.HeartbeatPost(
              Dsse.sign(Statements.HEARTBEAT, other, e.ik()).envelope(), post.lastGrant()));
    } catch (Malformed x) {
      throw new IllegalStateException(x);
    }
  }

  private static Envelope resigned(SimEnclave e, Envelope receipt, UnaryOperator<Receipt> change) {
    try {
      Receipt r = Statements.RECEIPT.decode(receipt.payload().toArray());
      return Dsse.sign(Statements.RECEIPT, change.apply(r), e.ik()).envelope();
    } catch (Malformed x) {
      throw new IllegalStateException(x);
    }
  }

  private static Receipt with(Receipt r, Hash response, Vec charged, Hash prev) {
    return new Receipt(
        r.leaseId(),
        r.instanceId(),
        r.keySeq(),
        r.modelPackage(),
        r.modelDigest(),
        r.requestHash(),
        response,
        r.paramsHash(),
        charged,
        r.finish(),
        r.grant(),
        prev,
        r.tMin(),
        r.epoch(),
        r.incarnation());
  }

  private static String nothingUsed(SimEnclave e, Request request) {
    Bundles.FinalPost post = Bundle.parseStored(Bundles.FinalPost.class, request.body());
    try {
      Final f = Statements.FINAL.decode(post.finalEnvelope().payload().toArray());
      Final other =
          new Final(
              f.leaseId(),
              f.instanceId(),
              f.epoch(),
              f.incarnation(),
              f.seq(),
              f.prev(),
              f.ack(),
              Vec.ZERO,
              f.reason(),
              f.finished(),
              f.aborted(),
              f.denied(),
              f.cseq(),
              f.wiped());
      return Bundle.text(
          Bundles.FinalPost.class,
          new Bundles.FinalPost(
              Dsse.sign(Statements.FINAL, other, e.ik()).envelope(),
              post.lastGrant(),
              post.unanswered()));
    } catch (Malformed x) {
      throw new IllegalStateException(x);
    }
  }
}
