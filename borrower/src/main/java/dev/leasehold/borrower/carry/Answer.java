package dev.leasehold.borrower.carry;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.Problem;
import dev.leasehold.core.lease.Statements;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What a server said: status, media type and the bytes as they came. */
public record Answer(int status, String contentType, Bytes body) {
  public static final String ENVELOPE = "application/vnd.leasehold.envelope+json";
  public static final String BUNDLE = "application/vnd.leasehold.bundle+json";
  public static final String PROBLEM = "application/problem+json";

  /** An error of the relay itself. Unsigned, so that it changes nothing at the enclave (§7.2). */
  public static Answer unsigned(int status, String title, String detail) {
    Json.Obj problem =
        Json.Obj.EMPTY
            .with("type", "about:blank")
            .with("title", title)
            .with("status", status)
            .with("detail", detail);
    return new Answer(status, PROBLEM, utf8(problem.write()));
  }

  public static Answer unavailable(String detail) {
    return unsigned(503, "The relay has no answer from the custodian yet", detail);
  }

  /** Text as a body. */
  public static Bytes utf8(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
  }

  public boolean isSuccess() {
    return status / 100 == 2;
  }

  /** The signed refusal this answer is, if it is one. Who signed it is for the enclave to check. */
  Optional<Problem> problem() {
    if (isSuccess()) {
      return Optional.empty();
    }
    try {
      Envelope envelope = Envelope.parse("problem", body.toArray());
      return envelope.payloadType().equals(Statements.PROBLEM.payloadType())
          ? Optional.of(Statements.PROBLEM.decode(envelope.payload().toArray()))
          : Optional.empty();
    } catch (Malformed e) {
      return Optional.empty();
    }
  }

  /** True when the body is a bundle of this type, whatever its signatures are worth. */
  boolean holds(Class<? extends Record> type) {
    try {
      Bundle.parse(type, body.toArray(), CustodianClient.MAX_REPLY);
      return isSuccess();
    } catch (Malformed e) {
      return false;
    }
  }
}
