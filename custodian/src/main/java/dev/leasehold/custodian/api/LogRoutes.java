package dev.leasehold.custodian.api;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.log.ConsistencyProof;
import dev.leasehold.core.log.InclusionProof;
import dev.leasehold.core.log.TilePath;
import dev.leasehold.custodian.log.LogDesk;
import dev.leasehold.custodian.problem.ProblemType;
import dev.leasehold.custodian.problem.Rejected;
import io.helidon.webserver.http.HttpRouting;
import java.util.Optional;

/** The transparency log, open to everybody (protocol §10, c2sp.org/tlog-tiles). */
final class LogRoutes {
  private static final String LOG = "/log/";

  private final LogDesk log;

  LogRoutes(LogDesk log) {
    this.log = log;
  }

  void addTo(HttpRouting.Builder routing, Http http) {
    routing.get(LOG + "checkpoint", http.handler(call -> Reply.text(log.checkpoint())));
    routing.get(LOG + "tile/{+rest}", http.handler(this::piece));
    routing.get(LOG + "proof", http.handler(this::proof));
  }

  private Reply piece(Call call) throws Rejected {
    try {
      return Reply.fixed(log.piece(TilePath.parse("tile/" + call.inPath("rest"))));
    } catch (Malformed e) {
      throw Rejected.malformed(e);
    }
  }

  private Reply proof(Call call) throws Rejected {
    Optional<String> hash = call.inQuery("hash");
    if (hash.isPresent()) {
      return Reply.json(200, InclusionProof.class, log.inclusion(hash(hash.get())));
    }
    long from = call.number("from");
    long to = call.number("to");
    if (from > to) {
      throw new Rejected(ProblemType.MALFORMED, "from: expected at most to, found " + from);
    }
    return Reply.json(200, ConsistencyProof.class, log.consistency(from, to));
  }

  private static Hash hash(String text) throws Rejected {
    try {
      return new Hash(text);
    } catch (IllegalArgumentException e) {
      throw new Rejected(ProblemType.MALFORMED, "hash: expected 64 lowercase hex digits");
    }
  }
}
