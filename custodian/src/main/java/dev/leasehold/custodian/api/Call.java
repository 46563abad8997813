package dev.leasehold.custodian.api;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.custodian.problem.ProblemType;
import dev.leasehold.custodian.problem.Rejected;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.RequestException;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.OptionalLong;

/** One request; nothing of its body is read before its size limit is known. */
final class Call {
  private final ServerRequest request;
  private final Deadline deadline;

  Call(ServerRequest request, Deadline deadline) {
    this.request = request;
    this.deadline = deadline;
  }

  Id id(String name) throws Rejected {
    String text = inPath(name);
    try {
      return new Id(text);
    } catch (IllegalArgumentException e) {
      throw new Rejected(
          ProblemType.MALFORMED, name + ": expected 32 lowercase hex digits in the path");
    }
  }

  /** What the path has in this place, of any form. */
  String inPath(String name) {
    return request.path().pathParameters().get(name);
  }

  Optional<String> inQuery(String name) {
    return request.query().first(name).asOptional();
  }

  Optional<String> header(HeaderName name) {
    return request.headers().first(name);
  }

  Optional<String> bearer() {
    return header(HeaderNames.AUTHORIZATION)
        .filter(h -> h.startsWith("Bearer "))
        .map(h -> h.substring("Bearer ".length()));
  }

  /** A whole number in the query, {@code otherwise} without it, at most {@code most}. */
  long number(String name, long otherwise, long most) throws Rejected {
    return inQuery(name).isEmpty() ? otherwise : Math.min(number(name), most);
  }

  /** A whole number that must be in the query. */
  long number(String name) throws Rejected {
    try {
      long n = Long.parseLong(inQuery(name).orElse(""));
      if (n >= 0) {
        return n;
      }
    } catch (NumberFormatException e) {
      // falls through to the refusal
    }
    throw new Rejected(ProblemType.MALFORMED, name + ": expected a whole number in the query");
  }

  boolean accepts(String mediaType) {
    return header(HeaderNames.ACCEPT).filter(a -> a.contains(mediaType)).isPresent();
  }

  boolean isLocal() {
    return request.remotePeer().address() instanceof java.net.InetSocketAddress peer
        && peer.getAddress() != null
        && peer.getAddress().isLoopbackAddress();
  }

  Envelope envelope(String what) throws Rejected {
    try {
      return Envelope.parse(what, body(Envelope.MAX_BYTES));
    } catch (Malformed e) {
      throw Rejected.malformed(e);
    }
  }

  byte[] body(int most) throws Rejected {
    OptionalLong declared = request.headers().contentLength();
    if (declared.isPresent() && declared.getAsLong() > most) {
      throw tooLarge(most);
    }
    if (!request.content().hasEntity()) {
      return new byte[0];
    }
    deadline.begin();
    try {
      // Never closed: that would read on to the body's end.
      byte[] bytes = request.content().inputStream().readNBytes(most + 1);
      if (bytes.length > most) {
        throw tooLarge(most);
      }
      return bytes;
    } catch (RequestException e) {
      throw e.status().code() == ProblemType.TOO_LARGE.status() ? tooLarge(most) : broken();
    } catch (IOException | UncheckedIOException | DataReader.InsufficientDataAvailableException e) {
      throw broken();
    } finally {
      deadline.end();
    }
  }

  private static Rejected broken() {
    return new Rejected(ProblemType.MALFORMED, "body: expected all of it, found the end before");
  }

  private static Rejected tooLarge(int most) {
    return new Rejected(ProblemType.TOO_LARGE, "body: expected at most " + most + " bytes");
  }
}
