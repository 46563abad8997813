package dev.leasehold.custodian.api;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.json.Codec;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.custodian.key.RelayTokens;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.revoke.CommandHub;
import dev.leasehold.custodian.revoke.Commands;
import dev.leasehold.custodian.store.InstanceRow;
import dev.leasehold.custodian.store.Recent;
import dev.leasehold.custodian.store.Store;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;

/** Commands as they are issued: one request that waits, or a stream of events. */
final class CommandRoutes {
  private static final long MOST_WAIT_MS = 25_000;
  private static final long KEEP_ALIVE_MS = 10_000;
  private static final int SLICES = 256;
  private static final String EVENT_STREAM = "text/event-stream";

  private final Store store;
  private final CommandHub hub;
  private final RelayTokens tokens;
  private final Recent<Slice, List<Commands.Item>> slices = new Recent<>(SLICES);

  CommandRoutes(Store store, CommandHub hub, RelayTokens tokens) {
    this.store = store;
    this.hub = hub;
    this.tokens = tokens;
  }

  /** The commands of a lease above one cseq, up to another: they stay what they are. */
  private record Slice(Id lease, long after, long newest) {}

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
    long newest = newest(instance);
    while (true) {
      List<Commands.Item> found = find(instance, after, newest);
      if (!found.isEmpty()) {
        return Reply.bundle(
            200,
            Bundles.CommandsReply.class,
            new Bundles.CommandsReply(found.stream().map(Commands.Item::wire).toList()));
      }
      OptionalLong rung =
          await(instance, Math.max(after, newest), (end - System.nanoTime()) / 1_000_000);
      if (rung.isEmpty()) {
        return Reply.nothing();
      }
      newest = rung.getAsLong();
    }
  }

  private Http.Streaming events(Call call) throws Rejected {
    InstanceRow instance = instance(call);
    long after = call.number("after", 0, Long.MAX_VALUE);
    return out -> write(out, instance, after);
  }

  private void write(OutputStream out, InstanceRow instance, long after) throws IOException {
    write(out, ": open\n\n");
    long sent = after;
    long newest = newest(instance);
    while (!hub.isClosed()) {
      for (Commands.Item i : find(instance, sent, newest)) {
        write(out, event(i));
      }
      sent = Math.max(sent, newest);
      OptionalLong rung = await(instance, sent, KEEP_ALIVE_MS);
      if (rung.isEmpty()) {
        write(out, ": still here\n\n");
      }
      newest = rung.orElse(newest);
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

  private OptionalLong await(InstanceRow instance, long cseq, long millis) {
    try {
      return hub.await(instance.leaseId(), cseq, millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalLong.empty();
    }
  }

  private long newest(InstanceRow instance) {
    return store.read(tx -> tx.commands().newest(instance.leaseId()));
  }

  /** Of the many who are woken by one command, the first reads it for all. */
  private List<Commands.Item> find(InstanceRow instance, long after, long newest) {
    Id lease = instance.leaseId();
    return newest <= after
        ? List.of()
        : slices
            .get(
                new Slice(lease, after, newest),
                () -> store.read(tx -> Commands.between(tx, lease, after, newest)))
            .stream()
            .filter(i -> i.isFor(instance.instanceId()))
            .toList();
  }

  private InstanceRow instance(Call call) throws Rejected {
    Id id = InstanceRoutes.sender(call, tokens);
    return store
        .read(tx -> tx.instances().find(id))
        .orElseThrow(() -> Rejected.unknown("instance " + id));
  }
}
