package dev.leasehold.custodian.api;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.json.Codec;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.custodian.key.RelayTokens;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.revoke.CommandHub;
import dev.leasehold.custodian.revoke.Commands;
import dev.leasehold.custodian.store.InstanceRow;
import dev.leasehold.custodian.store.LeaseRow;
import dev.leasehold.custodian.store.Store;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Commands as they are issued: one request that waits, or a stream of events. */
final class CommandRoutes {
  private static final long MOST_WAIT_MS = 25_000;
  private static final long KEEP_ALIVE_MS = 10_000;
  private static final String EVENT_STREAM = "text/event-stream";

  private final Store store;
  private final CommandHub hub;
  private final RelayTokens tokens;

  CommandRoutes(Store store, CommandHub hub, RelayTokens tokens) {
    this.store = store;
    this.hub = hub;
    this.tokens = tokens;
  }

  /** Commands found, and the lease's newest {@code cseq} when they were. */
  private record Found(List<Commands.Item> items, long cseq) {}

  void addTo(HttpRouting.Builder routing, Http http) {
    Handler polling = http.handler(this::poll);
    Handler streaming = http.streaming(EVENT_STREAM, this::events);
    routing.get(
        "/v1/instances/{instanceId}/commands",
        (request, response) ->
            (http.call(request).accepts(EVENT_STREAM) ? streaming : polling)
                .handle(request, response));
  }

  private Reply poll(Call call) throws Rejected {
    InstanceRow instance = instance(call);
    long after = call.number("after", 0, Long.MAX_VALUE);
    long end = System.nanoTime() + 1_000_000 * call.number("waitMs", 0, MOST_WAIT_MS);
    long seen = after;
    while (true) {
      Found found = find(instance, after);
      if (!found.items.isEmpty()) {
        return Reply.bundle(
            200,
            Bundles.CommandsReply.class,
            new Bundles.CommandsReply(found.items.stream().map(Commands.Item::wire).toList()));
      }
      seen = Math.max(seen, found.cseq);
      long leftMs = (end - System.nanoTime()) / 1_000_000;
      if (leftMs <= 0 || !await(instance, seen, leftMs)) {
        return Reply.nothing();
      }
    }
  }

  private Http.Streaming events(Call call) throws Rejected {
    InstanceRow instance = instance(call);
    long after = call.number("after", 0, Long.MAX_VALUE);
    return out -> write(out, instance, after);
  }

  private void write(OutputStream out, InstanceRow instance, long after) throws IOException {
    write(out, ": open\n\n");
    long next = after;
    while (!hub.isClosed()) {
      Found found = find(instance, next);
      for (Commands.Item i : found.items) {
        write(out, event(i));
      }
      next = Math.max(next, found.cseq);
      if (!await(instance, next, KEEP_ALIVE_MS)) {
        write(out, ": still here\n\n");
      }
    }
  }

  private static String event(Commands.Item item) {
    String data = Codec.of(Bundles.CommandItem.class).encode(item.wire()).write();
    return "id: " + item.command().cseq() + "\ndata: " + data + "\n\n";
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private boolean await(InstanceRow instance, long cseq, long millis) {
    try {
      return hub.await(instance.leaseId(), cseq, millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Found find(InstanceRow instance, long after) {
    return store.read(tx -> {
      LeaseRow lease = tx.leases().get(instance.leaseId());
      return lease.cseq() <= after
          ? new Found(List.of(), lease.cseq())
          : new Found(
              Commands.after(tx, lease.leaseId(), instance.instanceId(), after), lease.cseq());
    });
  }

  private InstanceRow instance(Call call) throws Rejected {
    Id id = InstanceRoutes.sender(call, tokens);
    return store
        .read(tx -> tx.instances().find(id))
        .orElseThrow(() -> Rejected.unknown("instance " + id));
  }
}
