package dev.leasehold.custodian.api;

import dev.leasehold.custodian.problem.ProblemType;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.store.Store;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns endpoints into handlers: one place where refusals become replies. */
final class Http {
  private static final Logger LOG = LoggerFactory.getLogger(Http.class);

  private final Problems problems;
  private final Deadline deadline;

  Http(Problems problems, Deadline deadline) {
    this.problems = problems;
    this.deadline = deadline;
  }

  /** What happens on one path. */
  @FunctionalInterface
  interface Endpoint {
    Reply handle(Call call) throws Rejected;
  }

  /** An answer that goes on. */
  @FunctionalInterface
  interface Streaming {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Decides, before anything is sent, whether there is such an answer. */
  @FunctionalInterface
  interface StreamEndpoint {
    Streaming open(Call call) throws Rejected;
  }

  Handler streaming(String mediaType, StreamEndpoint endpoint) {
    return answering((request, response) -> {
      Streaming streaming;
      try {
        streaming = endpoint.open(call(request));
      } catch (Rejected e) {
        send(response, problems.reply(e));
        return;
      } catch (RuntimeException e) {
        send(response, problems.failed("a request failed", e));
        return;
      }
      response.header(HeaderNames.CONTENT_TYPE, mediaType);
      response.header(HeaderNames.CACHE_CONTROL, "no-store");
      try (OutputStream out = response.outputStream()) {
        streaming.writeTo(out);
      } catch (IOException | UncheckedIOException | Store.Gone e) {
        LOG.debug("a stream ended", e);
      }
    });
  }

  Handler handler(Endpoint endpoint) {
    return answering((request, response) -> send(response, reply(endpoint, call(request))));
  }

  Call call(ServerRequest request) {
    return new Call(request, deadline);
  }

  /** While an answer is made, no deadline of the client's runs. */
  private Handler answering(Handler handler) {
    return (request, response) -> {
      deadline.end();
      try {
        handler.handle(request, response);
      } finally {
        deadline.begin();
      }
    };
  }

  private Reply reply(Endpoint endpoint, Call call) {
    try {
      return answer(endpoint, call);
    } catch (RuntimeException e) {
      return problems.failed("a request failed", e);
    }
  }

  private Reply answer(Endpoint endpoint, Call call) {
    try {
      return endpoint.handle(call);
    } catch (Rejected e) {
      LOG.debug("refused: {}: {}", e.name(), e.detail());
      return problems.reply(e);
    }
  }

  private static void send(ServerResponse response, Reply reply) {
    response.status(Status.create(reply.status()));
    if (reply.status() == ProblemType.TOO_LARGE.status()) {
      // The rest of the body was not read and never will be.
      response.header(HeaderNames.CONNECTION, "close");
    }
    response.header(HeaderNames.CACHE_CONTROL, reply.caching());
    if (reply.contentType().isEmpty()) {
      response.send();
    } else {
      response.header(HeaderNames.CONTENT_TYPE, reply.contentType());
      response.send(reply.content().toArray());
    }
  }
}
