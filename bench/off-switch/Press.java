package dev.leasehold.custodian;

import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Target;
import dev.leasehold.core.lease.Tier;
import dev.leasehold.core.lease.Vec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** One press of the switch: a lease, its machines, their streams, and the revoke that ends them. */
final class Press {
  private static final int FRAME_BYTES = 1_024;
  private static final int AT_ONCE = 4;
  private static final int NEWS = 50;
  private static final Duration STEADY = Duration.ofSeconds(3);
  private static final Duration BETWEEN_STREAMS = Duration.ofMillis(4);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Setting setting;
  private final World world;
  private final String name;
  private final int enclaves;

  /**
   * A press that {@link #run} makes.
   *
   * @param name of the press and of its folder
   */
  Press(Setting setting, String name, int enclaves) {
    this.setting = setting;
    this.world = setting.world();
    this.name = name;
    this.enclaves = enclaves;
  }

  /**
   * What one press of the switch was like, from when the custodian dated the command it committed.
   *
   * @param silent each stream: its last word was at its consumer, and its enclave's guard closed
   * @param words each stream's last word alone; the next one was not due yet, so that it may be
   *     from before the press
   * @param guards the guard of each enclave alone
   * @param sent that much earlier the order had been sent
   * @param proof all finals were accounted for
   * @param spent from the sending until the last guard was closed
   * @param commandBytes of the message that each enclave was sent
   */
  record Result(
      Spread silent,
      Spread words,
      Spread guards,
      long sent,
      long proof,
      Consumption.Cpu spent,
      int commandBytes) {}

  Result run() throws Exception {
    Lease lease = lease();
    world.register("leases", world.owner.sign(lease).envelope());
    try (ExecutorService consumers = Executors.newVirtualThreadPerTaskExecutor();
        Tenants tenants = boot(lease)) {
      List<Listening> listening = ask(tenants, consumers);
      Consumption.Cpu before = setting.consumption().now();
      TimeUnit.NANOSECONDS.sleep(STEADY.toNanos());
      System.out.printf(
          "%-9s %,d streams speak, %s of %d%n",
          name,
          listening.size(),
          setting.consumption().now().since(before),
          Runtime.getRuntime().availableProcessors());
      return revoke(lease, tenants.all(), listening);
    }
  }

  /** The machines of one press, which end with it. */
  private record Tenants(List<Tenant> all) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      for (Tenant t : all) {
        t.close();
      }
    }
  }

  /** Opens one stream after the other, so that their words do not all fall on one instant. */
  private List<Listening> ask(Tenants tenants, ExecutorService consumers) throws Exception {
    CountDownLatch speaking = new CountDownLatch(enclaves * setting.streams());
    List<Listening> listening = new ArrayList<>();
    for (Tenant t : tenants.all()) {
      for (int s = 0; s < setting.streams(); s++) {
        listening.add(new Listening(t, consumers.submit(() -> t.listen(speaking))));
        TimeUnit.NANOSECONDS.sleep(BETWEEN_STREAMS.toNanos());
      }
    }
    for (long end = System.nanoTime() + PATIENCE.toNanos();
        !speaking.await(1, TimeUnit.SECONDS); ) {
      for (Listening stream : listening) {
        if (stream.heard().isDone()) {
          throw new IllegalStateException("a stream ended before the press: " + stream.end());
        }
      }
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException(speaking.getCount() + " streams never spoke");
      }
    }
    return listening;
  }

  private Tenants boot(Lease lease) throws Exception {
    Path state = Files.createDirectory(setting.borrower().resolve(name));
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<Tenant>> booting = new ArrayList<>();
      for (int i = 0; i < enclaves; i++) {
        Path journal = state.resolve("relay-" + i);
        booting.add(threads.submit(() -> new Tenant(setting, lease, journal)));
      }
      List<Tenant> tenants = new ArrayList<>();
      for (Future<Tenant> t : booting) {
        tenants.add(t.get());
        if (tenants.size() % NEWS == 0 || tenants.size() == enclaves) {
          System.out.printf("%-9s %,d of %,d enclaves serve%n", name, tenants.size(), enclaves);
        }
      }
      return new Tenants(tenants);
    }
  }

  /** A stream of a tenant, which comes to its end. */
  private record Listening(Tenant tenant, Future<Consumer.Heard> heard) {
    Consumer.Heard end() throws Exception {
      return heard.get(1, TimeUnit.MINUTES);
    }

    long word() throws Exception {
      return end().lastWord();
    }

    long silent() throws Exception {
      return Math.max(word(), tenant.awaitStopped());
    }
  }

  private Result revoke(Lease lease, List<Tenant> tenants, List<Listening> listening)
      throws Exception {
    String token = world.operatorToken();
    Order order = order(lease);
    Consumption.Cpu before = setting.consumption().now();
    long sent = System.nanoTime();
    world.order(order, world.owner.operator);
    for (Tenant t : tenants) {
      t.awaitStopped();
    }
    Consumption.Cpu spent = setting.consumption().now().since(before);
    for (Tenant t : tenants) {
      t.awaitClosed();
    }
    long proven = System.nanoTime();
    requireCeased(lease, listening);
    Bundles.CommandsReply commands =
        world
            .get("/v1/leases/" + lease.leaseId() + "/commands", "Authorization", "Bearer " + token)
            .as(Bundles.CommandsReply.class);
    long committed = committed(commands);
    return new Result(
        since(committed, listening, Listening::silent),
        since(committed, listening, Listening::word),
        since(committed, tenants, Tenant::awaitStopped),
        committed - sent,
        proven - committed,
        spent,
        Bundle.write(Bundles.CommandsReply.class, commands).length);
  }

  /** When something happened to one of many. */
  private interface Instants<T> {
    long of(T one) throws Exception;
  }

  private static <T> Spread since(long start, List<T> many, Instants<T> instants) throws Exception {
    long[] nanos = new long[many.size()];
    for (int i = 0; i < nanos.length; i++) {
      nanos[i] = instants.of(many.get(i)) - start;
    }
    return new Spread(nanos);
  }

  /**
   * When the custodian dated the command, in the transaction that it then committed, as an instant
   * of {@link System#nanoTime}: a little before the commit.
   */
  private static long committed(Bundles.CommandsReply commands) throws Exception {
    Command revoke =
        Statements.COMMAND.decode(commands.commands().getFirst().command().payload().toArray());
    Instant now = Instant.now();
    long nanoTime = System.nanoTime();
    return nanoTime - Duration.between(Instant.ofEpochMilli(revoke.issuedAt()), now).toNanos();
  }

  /** All finals are in the books, and what consumers hold receipts for is all that was used. */
  private void requireCeased(Lease lease, List<Listening> listening) throws Exception {
    long charged = 0;
    for (Listening stream : listening) {
      charged += stream.end().receipt().charged().outputTokens();
    }
    Json.Obj view = world.view("/v1/leases/" + lease.leaseId());
    String found = World.text(view, "state") + " " + World.outputTokens(view, "settled");
    if (!found.equals("SETTLED " + charged)) {
      throw new IllegalStateException("expected SETTLED " + charged + ", found " + found);
    }
  }

  private Order order(Lease lease) {
    long now = System.currentTimeMillis();
    return new Order(
        Order.Action.REVOKE,
        lease.leaseId(),
        Target.ALL,
        0,
        0,
        Map.of(),
        "off-switch",
        Nonce.of(Owner.random(32)),
        now,
        now + 600_000,
        List.of());
  }

  private Lease lease() {
    Vec tranche = new Vec(1_000, 100_000, 48_000, 10_000_000);
    return Terms.of(Leases.limits(world.lease.body(), 1_000_000, enclaves, Tier.B))
        .named(Owner.id())
        .with("budget", tranche.times(1_000_000))
        .with("exposureMax", tranche.times(2L * enclaves))
        .with("tranche", tranche)
        .streamed(new Lease.Stream(FRAME_BYTES, 1_000 / setting.perSecond()))
        .lease();
  }
}
