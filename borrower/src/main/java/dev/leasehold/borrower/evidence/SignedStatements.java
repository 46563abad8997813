package dev.leasehold.borrower.evidence;

import dev.leasehold.borrower.journal.Entry;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Statements;
import java.util.List;
import java.util.stream.Stream;

/**
 * The statements in one journal entry, each after what it refers to. Left out: staples and key
 * releases, which prove nothing about use; quotes; tokens; hellos; what the relay held back.
 */
final class SignedStatements {
  private SignedStatements() {}

  static List<Envelope> in(Entry e) throws Malformed {
    return switch (e.direction()) {
      case OUT -> sent(e);
      case IN -> e.isSuccess() ? received(e) : refusal(e);
      case HELD -> List.of();
    };
  }

  private static List<Envelope> sent(Entry e) throws Malformed {
    return switch (e.what()) {
      case EVIDENCE -> List.of(parse(Bundles.EvidencePost.class, e).evidence());
      case HEARTBEAT -> List.of(parse(Bundles.HeartbeatPost.class, e).heartbeat());
      case FINAL -> {
        Bundles.FinalPost post = parse(Bundles.FinalPost.class, e);
        yield Stream.concat(post.unanswered().stream(), Stream.of(post.finalEnvelope())).toList();
      }
      case HELLO, BUNDLE, CHALLENGE, COMMANDS, LOG_PROOF, LOG_CONSISTENCY -> List.of();
    };
  }

  private static List<Envelope> received(Entry e) throws Malformed {
    return switch (e.what()) {
      case BUNDLE -> {
        Bundles.LeaseBundle b = parse(Bundles.LeaseBundle.class, e);
        yield List.of(b.roster(), b.measurements(), b.borrower(), b.modelPackage(), b.lease());
      }
      case HELLO, CHALLENGE -> List.of(parse(Bundles.Enrolled.class, e).challenge());
      case EVIDENCE -> {
        Bundles.EnrolmentReply reply = parse(Bundles.EnrolmentReply.class, e);
        yield Stream.concat(Stream.of(reply.appraisal()), reply.grant().stream()).toList();
      }
      case HEARTBEAT -> {
        Bundles.HeartbeatReply reply = parse(Bundles.HeartbeatReply.class, e);
        yield Stream.of(
                reply.roster().stream(),
                reply.lease().stream(),
                commands(reply.commands()),
                Stream.of(reply.grant()))
            .flatMap(s -> s)
            .toList();
      }
      case COMMANDS -> commands(parse(Bundles.CommandsReply.class, e).commands()).toList();
      case FINAL -> List.of(parse(Bundles.FinalReply.class, e).closure());
      case LOG_PROOF, LOG_CONSISTENCY -> List.of();
    };
  }

  private static Stream<Envelope> commands(List<Bundles.CommandItem> items) {
    return items.stream().flatMap(i -> Stream.concat(i.order().stream(), Stream.of(i.command())));
  }

  /** A refusal counts when it is signed. */
  private static List<Envelope> refusal(Entry e) {
    try {
      Envelope envelope = Envelope.parse("refusal", e.body().toArray());
      return envelope.payloadType().equals(Statements.PROBLEM.payloadType())
          ? List.of(envelope)
          : List.of();
    } catch (Malformed m) {
      return List.of();
    }
  }

  private static <B extends Record> B parse(Class<B> type, Entry e) throws Malformed {
    byte[] body = e.body().toArray();
    return Bundle.parse(type, body, body.length);
  }
}
