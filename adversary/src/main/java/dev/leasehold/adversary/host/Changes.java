package dev.leasehold.adversary.host;

import dev.leasehold.adversary.world.Answer;
import dev.leasehold.adversary.world.Request;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.SignatureEntry;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.Bundles;
import java.util.List;
import java.util.Optional;

/**
 * What a host can do to bytes it has no key for: flip a bit of what is signed or of a signature,
 * exchange signed parts between messages, leave parts out, cut, or put an error in their place.
 */
final class Changes {
  private static final int MEASUREMENT = 0x90;
  private static final int HEX = 16;
  private static final Answer[] ERRORS = {
    new Answer(410, Answer.Type.UNSIGNED, "{\"title\":\"closed\"}"),
    new Answer(423, Answer.Type.UNSIGNED, "{\"title\":\"not-active\"}"),
    new Answer(500, Answer.Type.UNSIGNED, "<html>Internal error</html>"),
    new Answer(200, Answer.Type.BUNDLE, "{}")
  };

  private Changes() {}

  /** Another request in place of this one. */
  static Request of(Request request, Request other, int how) {
    return switch (request.desk()) {
      case HEARTBEAT -> request.with(beat(request.body(), other, how));
      case FINAL -> request.with(last(request.body(), how));
      case EVIDENCE -> request.with(evidence(request.body(), how));
      default -> request.with(cut(request.body(), how));
    };
  }

  /** Another answer in place of this one. */
  static Answer of(Answer answer, Answer other, int how) {
    Optional<Bundles.HeartbeatReply> beat = answer.bundle(Bundles.HeartbeatReply.class);
    if (beat.isPresent()) {
      return beat(answer, beat.get(), other.bundle(Bundles.HeartbeatReply.class), how);
    }
    Optional<Bundles.EnrolmentReply> enrolment = answer.bundle(Bundles.EnrolmentReply.class);
    if (enrolment.isPresent()) {
      return enrolment(answer, enrolment.get(), other.bundle(Bundles.EnrolmentReply.class), how);
    }
    return error(how);
  }

  private static Answer error(int how) {
    return ERRORS[Math.floorMod(how, ERRORS.length)];
  }

  private static String beat(String body, Request other, int how) {
    Bundles.HeartbeatPost post = Bundle.parseStored(Bundles.HeartbeatPost.class, body);
    boolean exchange = other.desk() == Request.Desk.HEARTBEAT;
    Bundles.HeartbeatPost theirs =
        exchange ? Bundle.parseStored(Bundles.HeartbeatPost.class, other.body()) : post;
    return switch (Math.floorMod(how, 6)) {
      case 0 -> beat(flipped(post.heartbeat(), how), post.lastGrant());
      case 1 -> beat(post.heartbeat(), flipped(post.lastGrant(), how));
      case 2 -> beat(forged(post.heartbeat(), how), post.lastGrant());
      case 3 -> beat(theirs.heartbeat(), theirs.lastGrant());
      case 4 -> beat(post.heartbeat(), theirs.lastGrant());
      default -> cut(body, how);
    };
  }

  private static String beat(Envelope heartbeat, Envelope lastGrant) {
    return Bundle.text(
        Bundles.HeartbeatPost.class, new Bundles.HeartbeatPost(heartbeat, lastGrant));
  }

  private static String last(String body, int how) {
    Bundles.FinalPost post = Bundle.parseStored(Bundles.FinalPost.class, body);
    Bundles.FinalPost changed =
        switch (Math.floorMod(how, 4)) {
          case 0 ->
              new Bundles.FinalPost(
                  flipped(post.finalEnvelope(), how), post.lastGrant(), post.unanswered());
          case 1 ->
              new Bundles.FinalPost(post.finalEnvelope(), Optional.empty(), post.unanswered());
          case 2 -> new Bundles.FinalPost(post.finalEnvelope(), post.lastGrant(), Optional.empty());
          default ->
              new Bundles.FinalPost(
                  post.finalEnvelope(),
                  post.lastGrant(),
                  post.unanswered().map(h -> forged(h, how)));
        };
    return Bundle.text(Bundles.FinalPost.class, changed);
  }

  /** Only changes that leave the statement as it is: its nonce is used up by no forgery of it. */
  private static String evidence(String body, int how) {
    Bundles.EvidencePost post = Bundle.parseStored(Bundles.EvidencePost.class, body);
    byte[] quote = post.quote().toArray();
    quote[MEASUREMENT] ^= (byte) (1 << Math.floorMod(how, 8));
    return Math.floorMod(how, 3) == 0
        ? Bundle.text(
            Bundles.EvidencePost.class,
            new Bundles.EvidencePost(
                post.evidence(), post.tee(), Bytes.of(quote), post.certs(), post.gpu()))
        : Bundle.text(
            Bundles.EvidencePost.class,
            new Bundles.EvidencePost(
                forged(post.evidence(), how), post.tee(), post.quote(), post.certs(), post.gpu()));
  }

  private static Answer beat(
      Answer answer, Bundles.HeartbeatReply r, Optional<Bundles.HeartbeatReply> other, int how) {
    Bundles.HeartbeatReply o = other.orElse(r);
    Bundles.HeartbeatReply changed =
        switch (Math.floorMod(how, 7)) {
          case 0 -> reply(forged(r.grant(), how), r.staple(), r.commands(), r.lease());
          case 1 -> reply(flipped(r.grant(), how), r.staple(), r.commands(), r.lease());
          case 2 -> reply(r.grant(), Optional.empty(), List.of(), r.lease());
          case 3 -> reply(r.grant(), r.staple(), withoutOrders(r.commands()), r.lease());
          case 4 -> reply(o.grant(), r.staple(), r.commands(), o.lease());
          case 5 -> reply(r.grant(), o.staple(), o.commands(), List.of());
          default -> reply(r.grant(), r.staple(), r.commands().reversed(), r.lease().reversed());
        };
    return Math.floorMod(how, 11) == 0
        ? error(how)
        : answer.with(Bundle.text(Bundles.HeartbeatReply.class, changed));
  }

  private static Bundles.HeartbeatReply reply(
      Envelope grant,
      Optional<Envelope> staple,
      List<Bundles.CommandItem> commands,
      List<Envelope> lease) {
    return new Bundles.HeartbeatReply(grant, staple, commands, lease, List.of(), Json.Obj.EMPTY);
  }

  private static List<Bundles.CommandItem> withoutOrders(List<Bundles.CommandItem> commands) {
    return commands.stream()
        .map(c -> new Bundles.CommandItem(c.command(), Optional.empty()))
        .toList();
  }

  private static Answer enrolment(
      Answer answer, Bundles.EnrolmentReply r, Optional<Bundles.EnrolmentReply> other, int how) {
    Bundles.EnrolmentReply o = other.orElse(r);
    Bundles.EnrolmentReply changed =
        switch (Math.floorMod(how, 4)) {
          case 0 -> with(r, r.appraisal(), r.grant().map(g -> forged(g, how)), r.keyrelease());
          case 1 -> with(r, o.appraisal(), r.grant(), r.keyrelease());
          case 2 -> with(r, r.appraisal(), o.grant(), r.keyrelease());
          default -> with(r, r.appraisal(), r.grant(), o.keyrelease());
        };
    return answer.with(Bundle.text(Bundles.EnrolmentReply.class, changed));
  }

  private static Bundles.EnrolmentReply with(
      Bundles.EnrolmentReply r,
      Envelope appraisal,
      Optional<Envelope> grant,
      Optional<Envelope> release) {
    return new Bundles.EnrolmentReply(appraisal, grant, release, r.staple(), r.gate());
  }

  private static String cut(String body, int how) {
    return body.isEmpty() ? "{}" : body.substring(0, Math.floorMod(how, body.length()));
  }

  /** One character of what is signed. */
  private static Envelope flipped(Envelope e, int how) {
    byte[] payload = e.payload().toArray();
    int at = Math.floorMod(how, payload.length);
    payload[at] = other(payload[at]);
    return new Envelope(e.payloadType(), Bytes.of(payload), e.signatures());
  }

  /**
   * A hash stays one: its digits depend on keys that are new in every run, and what becomes of a
   * message must depend on the schedule alone.
   */
  private static byte other(byte character) {
    int digit = Character.digit(character, HEX);
    int changed = digit < 0 ? character ^ 1 : Character.forDigit((digit + 1) % HEX, HEX);
    return (byte) changed;
  }

  /** One bit of the signature. */
  private static Envelope forged(Envelope e, int how) {
    SignatureEntry entry = e.signatures().getFirst();
    byte[] sig = entry.sig().toArray();
    sig[Math.floorMod(how, sig.length)] ^= 1;
    return new Envelope(
        e.payloadType(), e.payload(), List.of(new SignatureEntry(entry.keyid(), Bytes.of(sig))));
  }
}
