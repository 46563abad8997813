package dev.leasehold.adversary;

import dev.leasehold.adversary.world.Answer;
import dev.leasehold.adversary.world.Front;
import dev.leasehold.adversary.world.Ledgers;
import dev.leasehold.adversary.world.Node;
import dev.leasehold.adversary.world.Request.Desk;
import dev.leasehold.adversary.world.SeededRandom;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.SignatureEntry;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.custodian.key.CustodianKeys;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Custodians with one thing wrong each, made from a real one. */
final class BrokenCustodians {
  private static final String FENCED = " WHERE state = 'FENCED'";

  private BrokenCustodians() {}

  /** Answers, and has not committed: what it answered is nowhere. */
  static Front answersBeforeItCommits(Node node) {
    return afterEach(
        node,
        Desk.EVIDENCE,
        "DELETE FROM log_entry WHERE body LIKE '%application/vnd.leasehold.appraisal%'");
  }

  /** Comes back from a crash without the step it had answered. */
  static Front forgetsACommit(Node node) {
    return afterEach(node, Desk.HEARTBEAT, "UPDATE instance SET seq = 0");
  }

  /** Takes the silence of an enclave for its end, and gives its allowance to others. */
  static Front refundsOnFence(Node node) {
    return afterEach(
        node,
        Desk.HELLO,
        "UPDATE lease SET reserved_out = reserved_out"
            + " - (SELECT COALESCE(SUM(allow_out - used_out), 0) FROM instance"
            + FENCED
            + "), reserved_rq = reserved_rq"
            + " - (SELECT COALESCE(SUM(allow_rq - used_rq), 0) FROM instance"
            + FENCED
            + ")",
        "UPDATE instance SET allow_out = used_out, allow_rq = used_rq" + FENCED);
  }

  /** Counts less than was proven. */
  static Front losesUse(Node node) {
    return afterEach(
        node,
        Desk.HEARTBEAT,
        "UPDATE lease SET settled_rq = settled_rq - 1"
            + " WHERE settled_rq > 0 AND reserved_rq - settled_rq < expmax_rq");
  }

  /** Does not keep its answers: a repeated heartbeat gets another grant. */
  static Front answersAnew(Node node) {
    Set<String> seen = new HashSet<>();
    return request -> {
      Answer answer = node.answer(request);
      boolean beat = request.desk() == Desk.HEARTBEAT && answer.isGood();
      boolean again = beat && !seen.add(request.body());
      return again ? regranted(node, answer, g -> with(g, g.allow(), g.mode(), 1)) : answer;
    };
  }

  /** Of several nodes each has its own answers: the same heartbeat gets one grant from each. */
  static Function<Node, Front> keepsItsAnswersToItself() {
    Map<String, Node> first = new HashMap<>();
    return node ->
        request -> {
          Answer answer = node.answer(request);
          boolean beat = request.desk() == Desk.HEARTBEAT && answer.isGood();
          boolean others =
              beat && !node.equals(first.computeIfAbsent(request.body(), body -> node));
          return others ? regranted(node, answer, g -> with(g, g.allow(), g.mode(), 1)) : answer;
        };
  }

  /** Puts more on the bill than an enclave has reported. */
  static Front overBills(Node node) {
    return request ->
        regranted(
            node,
            node.answer(request),
            g -> with(g, g.used().plus(new Vec(1, 0, 0, 0)), g.allow()));
  }

  /** Signs away what it had allowed, down to what is used. */
  static Front takesBack(Node node) {
    return request -> regranted(node, node.answer(request), g -> with(g, g.used(), g.used()));
  }

  /** Serves a log in which nothing is found. */
  static Front hidesFromTheLog(Node node) {
    return request ->
        request.desk() == Desk.PROOF
            ? new Answer(404, Answer.Type.UNSIGNED, "{\"title\":\"unknown\"}")
            : node.answer(request);
  }

  /** Gives room in memory that is not in its books. */
  static Front grantsWhatIsNotOnDisk(Node node) {
    return request -> regranted(node, node.answer(request), g -> with(g, more(g), g.mode(), 0));
  }

  /** Lets a stopped lease go on. */
  static Front grantsAfterTheStop(Node node) {
    return request ->
        regranted(
            node,
            node.answer(request),
            g -> g.mode() == Mode.RUN ? g : with(g, more(g), Mode.RUN, 0));
  }

  /** Tells the person at the button that nothing more can happen. */
  static Front understatesTheExposure(Node node) {
    return request -> {
      Answer answer = node.answer(request);
      return answer
          .bundle(Bundles.OrderReply.class)
          .filter(r -> request.desk() == Desk.ORDER)
          .map(r ->
              answer.with(
                  Bundle.text(
                      Bundles.OrderReply.class,
                      new Bundles.OrderReply(r.hash(), Vec.ZERO, r.unresolved(), r.residual()))))
          .orElse(answer);
    };
  }

  /** Signs with a key that nobody knows. */
  static Front signsWrongly(Node node) {
    return request -> {
      Answer answer = node.answer(request);
      return answer
          .bundle(Bundles.FinalReply.class)
          .map(r ->
              answer.with(
                  Bundle.text(
                      Bundles.FinalReply.class, new Bundles.FinalReply(unsigned(r.closure())))))
          .orElse(answer);
    };
  }

  private static Front afterEach(Node node, Desk desk, String... statements) {
    return request -> {
      Answer answer = node.answer(request);
      if (request.desk() == desk && node.isUp()) {
        sql(node, statements);
      }
      return answer;
    };
  }

  private static void sql(Node node, String... statements) {
    try (Connection c = Ledgers.SQLITE.connect(node.ledger());
        Statement s = c.createStatement()) {
      for (String each : statements) {
        s.execute(each);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Answer regranted(Node node, Answer answer, UnaryOperator<Grant> change) {
    return answer
        .bundle(Bundles.HeartbeatReply.class)
        .map(r ->
            answer.with(
                Bundle.text(
                    Bundles.HeartbeatReply.class,
                    new Bundles.HeartbeatReply(
                        resigned(node, r.grant(), change),
                        r.staple(),
                        r.commands(),
                        r.lease(),
                        r.roster(),
                        r.gate()))))
        .orElse(answer);
  }

  private static Envelope resigned(Node node, Envelope grant, UnaryOperator<Grant> change) {
    try (CustodianKeys keys =
        CustodianKeys.load(node.folder().resolve("keys"), new SeededRandom(1))) {
      Grant body = Statements.GRANT.decode(grant.payload().toArray());
      Grant changed = change.apply(body);
      return changed.equals(body) ? grant : keys.sign(Statements.GRANT, changed).envelope();
    } catch (IOException | Malformed e) {
      throw new IllegalStateException(e);
    }
  }

  private static Vec more(Grant g) {
    return g.allow().plus(new Vec(1, 0, 1, 0));
  }

  private static Grant with(Grant g, Vec used, Vec allow) {
    return with(g, used, allow, g.mode(), 0);
  }

  private static Grant with(Grant g, Vec allow, Mode mode, long shorterMs) {
    return with(g, g.used(), allow, mode, shorterMs);
  }

  private static Grant with(Grant g, Vec used, Vec allow, Mode mode, long shorterMs) {
    return new Grant(
        g.leaseId(),
        g.instanceId(),
        g.ik(),
        g.epoch(),
        g.incarnation(),
        g.seq(),
        g.hb(),
        g.prev(),
        used,
        allow,
        mode,
        g.ttlMs() - shorterMs,
        g.heartbeatMs(),
        g.cseq(),
        g.log(),
        g.issuedAt());
  }

  private static Envelope unsigned(Envelope e) {
    SignatureEntry entry = e.signatures().getFirst();
    byte[] sig = entry.sig().toArray();
    sig[0] ^= 1;
    return new Envelope(
        e.payloadType(), e.payload(), List.of(new SignatureEntry(entry.keyid(), Bytes.of(sig))));
  }
}
