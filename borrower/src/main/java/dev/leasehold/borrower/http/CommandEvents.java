package dev.leasehold.borrower.http;

import com.sun.net.httpserver.HttpExchange;
import dev.leasehold.borrower.carry.Commands;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Statements;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Commands as server-sent events: {@code id} is the cseq, {@code data} one item (§7.1). */
final class CommandEvents {
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

  private CommandEvents() {}

  /** Writes until the reader goes away. */
  static void stream(HttpExchange exchange, Commands commands, Id instance, long after)
      throws IOException, InterruptedException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      // The head leaves with the first bytes of the body.
      write(out, ": listening\n\n");
      for (long seen = after; ; ) {
        StringBuilder events = new StringBuilder();
        for (Bundles.CommandItem item : commands.await(instance, seen, KEEP_ALIVE)) {
          seen = cseq(item);
          events.append("id: ").append(seen).append("\ndata: ").append(json(item)).append("\n\n");
        }
        write(out, events.isEmpty() ? ": still here\n\n" : events.toString());
      }
    }
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static String json(Bundles.CommandItem item) {
    return Bundle.text(Bundles.CommandItem.class, item);
  }

  private static long cseq(Bundles.CommandItem item) throws IOException {
    try {
      return Statements.COMMAND.decode(item.command().payload().toArray()).cseq();
    } catch (Malformed e) {
      throw new IOException(e);
    }
  }
}
