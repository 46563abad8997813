package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Statements;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is sent is answered with a refusal of its own fault, and changes nothing (BH-02, D17).
 */
@Tag("BH-02")
@Tag("D17")
class FuzzTest {
  private static final int BODIES = Scale.of(100_000, 3_000);

  @TempDir Path folder;

  @Test
  void damagedMessagesAreRefusedWithoutAServerErrorAndWithoutATrace() throws Exception {
    Random random = new Random(42);
    try (World world = new World(folder).lend()) {
      Enclave e = world.enclave().enrolled();
      e.beat(100);
      Enclave fresh = world.enclave().challenged();
      String before = world.view().write();
      Map<String, byte[]> good = goodBodies(world, e, fresh);
      String[] paths = good.keySet().toArray(String[]::new);
      for (int i = 0; i < BODIES; i++) {
        String path = paths[i % paths.length];
        byte[] body = damage(good.getOrDefault(path, new byte[0]), random);
        World.Answer answer = send(world, e, fresh, path, body);
        assertThat(answer.status())
            .as(path + " <- " + new String(body, StandardCharsets.ISO_8859_1))
            .isBetween(400, 499);
      }
      assertThat(world.view().write()).isEqualTo(before);
      assertThat(e.beat(200)).isNotNull();
    }
  }

  private static Map<String, byte[]> goodBodies(World world, Enclave e, Enclave fresh) {
    Map<String, byte[]> out = new LinkedHashMap<>();
    out.put(
        "heartbeat",
        Bundle.write(
            Bundles.HeartbeatPost.class,
            new Bundles.HeartbeatPost(e.heartbeatOf(150).envelope(), e.grant.envelope())));
    out.put(
        "final",
        Bundle.write(
            Bundles.FinalPost.class,
            new Bundles.FinalPost(
                Dsse.sign(Statements.FINAL, e.last(Owner.out(150)), e.ik).envelope(),
                Optional.of(e.grant.envelope()),
                Optional.empty())));
    out.put(
        "evidence",
        Bundle.write(Bundles.EvidencePost.class, fresh.evidencePost(fresh.statement(), fresh.ik)));
    out.put(
        "/v1/orders",
        Dsse.sign(Statements.ORDER, world.stop(Order.Action.REVOKE), world.owner.operator)
            .envelope()
            .write()
            .getBytes(StandardCharsets.UTF_8));
    out.put(
        "/v1/leases",
        world
            .owner
            .sign(Leases.next(world.lease, Owner.out(20_000)))
            .envelope()
            .write()
            .getBytes(StandardCharsets.UTF_8));
    return out;
  }

  private static World.Answer send(
      World world, Enclave e, Enclave fresh, String path, byte[] body) {
    if (path.startsWith("/")) {
      return world.post(path, body);
    }
    return (path.equals("evidence") ? fresh : e).post(path, body);
  }

  /** One to four bytes replaced, removed or repeated; never the body itself. */
  private static byte[] damage(byte[] good, Random random) {
    byte[] body = good.clone();
    int changes = random.nextInt(1, 5);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(body.length);
      switch (random.nextInt(3)) {
        case 0 -> body[at] ^= (byte) random.nextInt(1, 256);
        case 1 -> body = cut(body, at, at + 1 + random.nextInt(20));
        default ->
            body = insert(body, at, (byte) "0123456789{}[]\",:nul-e.".charAt(random.nextInt(23)));
      }
    }
    return Arrays.equals(body, good) ? new byte[] {'{'} : body;
  }

  private static byte[] cut(byte[] b, int from, int to) {
    int end = Math.min(to, b.length);
    byte[] out = new byte[Math.max(1, b.length - (end - from))];
    System.arraycopy(b, 0, out, 0, Math.min(from, out.length));
    if (b.length > end) {
      System.arraycopy(b, end, out, from, b.length - end);
    }
    return out;
  }

  private static byte[] insert(byte[] b, int at, byte value) {
    byte[] out = new byte[b.length + 1];
    System.arraycopy(b, 0, out, 0, at);
    out[at] = value;
    System.arraycopy(b, at, out, at + 1, b.length - at);
    return out;
  }
}
