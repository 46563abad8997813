package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.json.Codec;
import dev.leasehold.core.lease.Borrower;
import dev.leasehold.core.lease.Hello;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Tee;
import dev.leasehold.custodian.api.Route;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every path without a key, with a wrong one, with one that may only stop (D15). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class D15AccessTest {
  @TempDir static Path folder;
  private World world;
  private Enclave enclave;
  private Enclave other;

  @BeforeAll
  void open() throws Exception {
    world = new World(folder).lend();
    enclave = world.enclave().enrolled();
    other = world.enclave().challenged();
  }

  @AfterAll
  void close() {
    world.close();
  }

  private String path(Route route) {
    return route
        .path()
        .replace("{leaseId}", world.leaseId().hex())
        .replace("{instanceId}", enclave.id.hex())
        .replace("{packageId}", world.owner.packageId.hex());
  }

  private World.Answer call(Route route, byte[] body, String... headers) {
    return route.method().equals("GET")
        ? world.get(path(route), headers)
        : world.post(path(route), body, headers);
  }

  @ParameterizedTest
  @EnumSource
  void nobodyGetsThroughWithoutTheKeyOfTheDoor(Route route) {
    String before = world.view().write();
    for (Map.Entry<String, World.Answer> e : attempts(route).entrySet()) {
      assertThat(e.getValue().status()).as("%s %s", route, e.getKey()).isBetween(400, 499);
    }
    assertThat(world.view().write()).isEqualTo(before);
  }

  private Map<String, World.Answer> attempts(Route route) {
    Map<String, World.Answer> out = new LinkedHashMap<>();
    switch (route.door()) {
      case BEARER_OF_THE_INSTANCE ->
          tokens(other.token.hex(), operatorToken())
              .forEach((who, headers) -> out.put(who, call(route, new byte[0], headers)));
      case BEARER_OF_AN_OPERATOR ->
          tokens(other.token.hex(), enclave.token.hex())
              .forEach((who, headers) -> out.put(who, call(route, new byte[0], headers)));
      case SIGNATURES ->
          envelopes(route)
              .forEach((who, body) ->
                  out.put(who, call(route, body, "Idempotency-Key", Owner.id().hex())));
      case SEALED -> {
        out.put("nothing", call(route, new byte[0]));
        out.put("another's", call(route, Owner.random(1_184)));
        out.put("a second time", world.importDek(world.owner.dek));
      }
      case PUBLIC ->
          out.put("unknown", world.get(path(route).replaceAll("[0-9a-f]{32}", "0".repeat(32))));
      case NONE, THIS_MACHINE -> {}
    }
    return out;
  }

  private static Map<String, String[]> tokens(String anothers, String ofAnotherKind) {
    Map<String, String[]> out = new LinkedHashMap<>();
    out.put("without", new String[0]);
    out.put("empty", bearer(""));
    out.put("wrong", bearer("0".repeat(64)));
    out.put("another's", bearer(anothers));
    out.put("of another kind", bearer(ofAnotherKind));
    out.put("basic", new String[] {"Authorization", "Basic YTpi"});
    return out;
  }

  private static String[] bearer(String token) {
    return new String[] {"Authorization", "Bearer " + token};
  }

  private String operatorToken() {
    return Custodian.operatorToken(world.folder);
  }

  /** What could be sent: without a signature, signed by nobody known, by one who may only stop. */
  private Map<String, byte[]> envelopes(Route route) {
    Map<String, byte[]> out = new LinkedHashMap<>();
    out.put("nothing", new byte[0]);
    out.put("no envelope", "{}".getBytes(StandardCharsets.UTF_8));
    List<Ed25519Signer> wrong = List.of(world.owner.stranger, world.owner.operator);
    for (Ed25519Signer signer : wrong) {
      String who = signer == world.owner.operator ? "stop-only" : "wrong";
      for (Envelope envelope : starting(route, signer)) {
        out.put(who + " " + out.size(), envelope.write().getBytes(StandardCharsets.UTF_8));
        out.put(
            "without " + out.size(),
            new Envelope(envelope.payloadType(), envelope.payload(), List.of())
                .write()
                .getBytes(StandardCharsets.UTF_8));
      }
    }
    return out;
  }

  /** What would start or change something, signed by this key. */
  private List<Envelope> starting(Route route, Ed25519Signer signer) {
    Owner o = world.owner;
    return switch (route) {
      case ROSTERS ->
          List.of(
              Dsse.sign(
                      Statements.ROSTER,
                      o.rosterBody(world.server, 2, Optional.of(world.roster.hash())),
                      signer)
                  .envelope());
      case MEASUREMENTS ->
          List.of(
              Dsse.sign(
                      Statements.MEASUREMENTS,
                      o.measurements(1, Optional.empty(), new HexBytes("66".repeat(48))).body(),
                      signer)
                  .envelope());
      case BORROWERS ->
          List.of(
              Dsse.sign(
                      Statements.BORROWER,
                      new Borrower(
                          o.borrowerId,
                          "another name",
                          o.bk.key(),
                          List.of(),
                          o.now + 1,
                          List.of()),
                      signer)
                  .envelope());
      case PACKAGES -> List.of(Dsse.sign(Statements.PACKAGE, renamed(), signer).envelope());
      case LEASES ->
          List.of(
              Dsse.sign(Statements.LEASE, Leases.next(world.lease, Owner.out(99_000)), signer)
                  .envelope());
      case ORDERS -> orders(signer);
      case HELLO ->
          List.of(
              Dsse.sign(
                      Statements.HELLO,
                      new Hello(
                          world.leaseId(),
                          Tee.SEV_SNP,
                          Nonce.of(Owner.random(32)),
                          world.clock.millis()),
                      signer)
                  .envelope());
      default -> List.of();
    };
  }

  private ModelPackage renamed() {
    Codec<ModelPackage> codec = Codec.of(ModelPackage.class);
    try {
      return codec.decode(
          "package", codec.encode(world.owner.modelPackage().body()).with("name", "another"));
    } catch (Malformed e) {
      throw new AssertionError(e);
    }
  }

  private List<Envelope> orders(Ed25519Signer signer) {
    List<Envelope> out = new ArrayList<>();
    for (Order.Action action : Order.Action.values()) {
      if (signer == world.owner.stranger || !action.stops()) {
        Order order = world.owner.order(action, 1, 0, world.clock.millis());
        out.add(Dsse.sign(Statements.ORDER, order, signer).envelope());
      }
    }
    return out;
  }

  @Test
  void anOperatorsTokenEndsAndOneWhoMayOnlyStopCanStop() throws Exception {
    try (World own = new World(folder.resolve("own")).lend()) {
      String token = Custodian.operatorToken(own.folder);
      assertThat(own.get("/v1/leases", bearer(token)).status()).isEqualTo(200);
      assertThat(own.send(own.stop(Order.Action.REVOKE), own.owner.operator).status())
          .isEqualTo(201);
      own.clock.advance(Duration.ofHours(13).toMillis());
      assertThat(own.get("/v1/leases", bearer(token)).status()).isEqualTo(401);
    }
  }
}
