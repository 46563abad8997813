package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.SignatureEntry;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Borrower;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Tier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Standing objects: who must sign, what must not change, and envelopes that play games (AR-18). */
@ParameterizedClass
@MethodSource("dev.leasehold.custodian.Engine#nightlyBoth")
class RegistrationTest {
  @Parameter Engine engine;
  @TempDir Path folder;
  private World world;

  @BeforeEach
  void open() throws Exception {
    world = new World(folder, engine);
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void aRosterWithOtherApproversIsRefusedForEver() {
    Owner thief = new Owner(world.owner.now, 1);
    World.Answer answer = world.post("/v1/rosters", thief.roster(world.server).envelope());
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.text()).contains("expected the approver set");
    world.register("rosters", world.roster.envelope());
    assertThat(world.post("/v1/rosters", thief.roster(world.server).envelope()).status())
        .isEqualTo(403);
  }

  @Test
  void rosterVersionsFollowEachOther() {
    Owner o = world.owner;
    assertThat(
            world
                .post(
                    "/v1/measurements",
                    o.measurements(1, Optional.empty(), Owner.MEASUREMENT).envelope())
                .status())
        .as("before any roster")
        .isEqualTo(409);
    world.register("rosters", world.roster.envelope());
    assertThat(world.post("/v1/rosters", world.roster.envelope()).status()).isEqualTo(200);
    Hash first = world.roster.hash();
    assertConflict("rosters", roster(3, Optional.of(first)), "roster.version");
    assertConflict("rosters", roster(2, Optional.of(new Hash("ab".repeat(32)))), "roster.previous");
    world.register("rosters", roster(2, Optional.of(first)));
    Roster r = o.rosterBody(world.server, 3, Optional.of(first));
    Roster withoutOurKey =
        new Roster(
            3,
            Optional.of(o.approver.key().keyid()),
            r.threshold(),
            r.approvers(),
            r.operators(),
            List.of(),
            r.log(),
            r.importKey(),
            r.witnesses(),
            r.issuedAt(),
            List.of());
    assertThat(
            world
                .post(
                    "/v1/rosters",
                    Dsse.sign(Statements.ROSTER, withoutOurKey, o.approver).envelope())
                .status())
        .isEqualTo(409);
  }

  @Test
  void aLeaseNamesOnlyWhatIsRegistered() {
    Owner o = world.owner;
    world.register("rosters", world.roster.envelope());
    Signed<Lease> lease = o.sign(o.lease(o.modelPackage().hash()));
    assertConflict("leases", lease.envelope(), "lease.borrowerId");
    world.register("borrowers", o.borrower(o.now, platform()).envelope());
    assertConflict("leases", lease.envelope(), "lease.measurementSet");
    world.register(
        "measurements", o.measurements(1, Optional.empty(), Owner.MEASUREMENT).envelope());
    assertConflict("leases", lease.envelope(), "lease.package");
    Signed<Lease> foreign =
        Dsse.sign(Statements.LEASE, o.lease(o.modelPackage().hash()), o.operator);
    assertThat(world.post("/v1/leases", foreign.envelope()).status()).isEqualTo(403);
  }

  @Test
  void aLeaseKeepsWhatNeverChangesAndNeverFallsBelowWhatIsPromised() throws Exception {
    world.lend();
    Enclave e = world.enclave().enrolled();
    assertThat(e.grant.body().allow()).isEqualTo(Owner.out(2_000));
    Lease next = Leases.next(world.lease, Owner.out(12_000));
    Lease later =
        new Lease(
            next.leaseId(),
            2,
            next.supersedes(),
            next.borrowerId(),
            next.modelPackage(),
            next.measurementSet(),
            next.purpose(),
            next.budget(),
            next.tranche(),
            next.exposureMax(),
            next.ttlMs(),
            next.graceMs(),
            next.suspendGraceMs(),
            next.heartbeatMs(),
            next.maxActive(),
            next.maxBootsPerHour(),
            next.minTier(),
            next.clock(),
            0,
            next.telemetry(),
            next.stream(),
            next.consumers(),
            next.witness(),
            next.notBefore() + 1,
            next.notAfter(),
            next.issuedAt(),
            List.of());
    assertConflict("leases", world.owner.sign(later).envelope(), "lease.notBefore");
    Lease small = Leases.with(next, Owner.out(1_000), Owner.out(800), Owner.out(1_000));
    assertConflict("leases", world.owner.sign(small).envelope(), "below what is promised");
    world.register("leases", world.owner.sign(next).envelope());
    assertConflict(
        "leases",
        world.owner.sign(Leases.next(world.lease, Owner.out(13_000))).envelope(),
        "lease.version");
    assertThat(World.outputTokens(world.view(), "budget")).isEqualTo(12_000);
  }

  @Tag("AR-19")
  @Test
  void onlyTheCommittedKeyOfARegisteredPackageIsImported() {
    world.register("rosters", world.roster.envelope());
    world.modelPackage = world.owner.modelPackage();
    assertThat(world.importDek(world.owner.dek).status()).isEqualTo(404);
    world.register("packages", world.modelPackage.envelope());
    assertThat(world.importDek(Owner.random(32)).status()).isEqualTo(403);
    String path = "/v1/packages/" + world.owner.packageId + "/dek";
    assertThat(world.post(path, new byte[1185]).status()).isEqualTo(403);
    assertThat(world.post(path, new byte[1184]).status()).isEqualTo(400);
    assertThat(world.post(path, new byte[2000]).status()).isEqualTo(413);
    assertThat(world.importDek(world.owner.dek).status()).isEqualTo(204);
    assertThat(world.importDek(world.owner.dek).status()).isEqualTo(409);
    assertThat(world.post("/v1/packages", world.modelPackage.envelope()).status()).isEqualTo(200);
    assertConflict(
        "packages",
        Dsse.sign(Statements.PACKAGE, rename(world.modelPackage.body()), world.owner.approver)
            .envelope(),
        "package.packageId");
  }

  @Test
  void borrowersAreReplacedByLaterStatementsOnly() {
    Owner o = world.owner;
    world.register("rosters", world.roster.envelope());
    world.register("borrowers", o.borrower(o.now, platform()).envelope());
    assertConflict("borrowers", o.borrower(o.now - 1, platform()).envelope(), "borrower.issuedAt");
    world.register("borrowers", o.borrower(o.now + 1, platform()).envelope());
  }

  @Test
  void theBundleOfALeaseIsWhatWasRegistered() throws Exception {
    world.lend();
    Bundles.LeaseBundle b =
        world.get("/v1/leases/" + world.leaseId() + "/bundle").as(Bundles.LeaseBundle.class);
    assertThat(b.roster()).isEqualTo(world.roster.envelope());
    assertThat(b.lease()).isEqualTo(world.lease.envelope());
    assertThat(b.modelPackage()).isEqualTo(world.modelPackage.envelope());
  }

  @Tag("AR-18")
  @Test
  void envelopeGamesChangeNothing() {
    Envelope good = world.roster.envelope();
    String text = good.write();
    String payload = good.payload().base64();
    List<String> bad = new ArrayList<>();
    bad.add(text.replace("leasehold.roster.v1", "leasehold.lease.v1"));
    bad.add(text.replace("leasehold.roster.v1", "leasehold.roster.v2"));
    bad.add(text + " {}");
    bad.add("\uFEFF" + text);
    bad.add(text.replace("{\"payloadType\"", "{\"payload\":\"\",\"payloadType\""));
    bad.add(text.replace(payload, payload.substring(0, payload.length() - 1)));
    bad.add(text.replace("\"signatures\"", "\"extra\":null,\"signatures\""));
    bad.add(text.replace("\"payload\":", "\"payload\" :1,\"payload\":"));
    bad.add("{\"a\":".repeat(9) + "1" + "}".repeat(9));
    for (String json :
        List.of("1.0", "1e3", "-0", "-1", "9007199254740992", "null", "\"1\"", "01")) {
      bad.add(resigned(json));
    }
    bad.add(padded(32_769));
    for (String body : bad) {
      World.Answer answer = world.post("/v1/rosters", body.getBytes(StandardCharsets.UTF_8));
      assertThat(answer.status()).as(body + " -> " + answer.text()).isIn(400, 403);
      if (answer.status() == 403) {
        assertThat(body).as("well-formed, but its signature is of other bytes").contains("payload");
      }
    }
    assertThat(world.get("/v1/leases/" + world.leaseId() + "/bundle").status()).isEqualTo(404);
    SignatureEntry twice = good.signatures().getFirst();
    Envelope repeated = new Envelope(good.payloadType(), good.payload(), List.of(twice, twice));
    assertThat(world.post("/v1/rosters", repeated).status()).isEqualTo(403);
    Envelope unsigned = new Envelope(good.payloadType(), good.payload(), List.of());
    assertThat(world.post("/v1/rosters", unsigned).status()).isEqualTo(403);
    world.register("rosters", good);
  }

  @Test
  void whatIsNoIdNoBodyOrNoPathIsRefused() {
    assertThat(world.get("/v1/leases/xyz/bundle").status()).isEqualTo(400);
    assertThat(world.post("/v1/leases", new byte[0]).status()).isEqualTo(400);
    assertThat(world.get("/nothing").status()).isEqualTo(404);
  }

  /** The roster with another version, correctly signed over exactly those bytes. */
  private String resigned(String version) {
    String json =
        new String(Statements.ROSTER.encode(world.roster.body()), StandardCharsets.UTF_8)
            .replace("\"version\":1,", "\"version\":" + version + ",");
    return signedRaw(json);
  }

  private String padded(int length) {
    String json = new String(Statements.ROSTER.encode(world.roster.body()), StandardCharsets.UTF_8);
    return signedRaw(json + " ".repeat(length - json.length()));
  }

  /** Signs bytes that no encoder of ours would produce. */
  private String signedRaw(String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    String type = Statements.ROSTER.payloadType();
    byte[] pae =
        ("DSSEv1 " + type.length() + " " + type + " " + body.length + " " + json)
            .getBytes(StandardCharsets.UTF_8);
    return new Envelope(type, Bytes.of(body), world.owner.approver.sign(pae)).write();
  }

  private Envelope roster(long version, Optional<Hash> previous) {
    return Dsse.sign(
            Statements.ROSTER,
            world.owner.rosterBody(world.server, version, previous),
            world.owner.approver)
        .envelope();
  }

  private Borrower.Platform platform() {
    return new Borrower.Platform(world.chip.platformId(), Tier.B);
  }

  private static ModelPackage rename(ModelPackage p) {
    return new ModelPackage(
        p.packageId(),
        "another name",
        p.version(),
        p.format(),
        p.dekId(),
        p.chunkBytes(),
        p.chunkCount(),
        p.plainBytes(),
        p.ciphertextRoot(),
        p.modelDigest(),
        p.dekCommit(),
        p.maxContext(),
        p.flops(),
        p.provenance(),
        p.issuedAt(),
        p.approvals());
  }

  private void assertConflict(String collection, Envelope envelope, String names) {
    World.Answer answer = world.post("/v1/" + collection, envelope);
    assertThat(answer.status()).as(answer.text()).isEqualTo(409);
    assertThat(answer.text()).contains(names);
  }
}
