package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.hpke.DekTransport;
import dev.leasehold.core.hpke.HpkePublicKey;
import dev.leasehold.core.hpke.Sealed;
import dev.leasehold.core.json.ApiJson;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.Borrower;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Problem;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Tier;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.PinnedTls;
import dev.leasehold.core.seal.DekMessage;
import dev.leasehold.core.seal.SecretBytes;
import dev.leasehold.custodian.store.LedgerDatabase;
import dev.leasehold.custodian.store.PostgresServer;
import dev.leasehold.testkit.snp.SimulatedAmd;
import dev.leasehold.testkit.snp.SimulatedChip;
import dev.leasehold.testkit.time.ManualClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A custodian that really runs, over TLS, with simulated hardware roots; and its people. */
final class World implements AutoCloseable {
  static final String ENVELOPE = "application/vnd.leasehold.envelope+json";
  private static final SimulatedAmd AMD = SimulatedAmd.shared();

  final Path folder;
  final LedgerDatabase database;
  final ManualClock clock;
  final Owner owner;
  final SimulatedChip chip;
  final SimulatedChip otherChip;
  final CustodianPublic server;
  final Signed<Roster> roster;
  Signed<ModelPackage> modelPackage;
  Signed<Lease> lease;
  private Custodian custodian;
  private UnaryOperator<CustodianConfig> settings = UnaryOperator.identity();
  private HttpClient http;
  private URI uri;

  /** What came back. */
  record Answer(int status, HttpHeaders headers, String text) {
    String header(String name) {
      return headers.firstValue(name).orElse("");
    }

    byte[] body() {
      return text.getBytes(StandardCharsets.UTF_8);
    }

    <B extends Record> B as(Class<B> type) {
      assertThat(status).as(text).isBetween(200, 299);
      try {
        return Bundle.parse(type, body(), Bundles.MAX_EVIDENCE_BYTES);
      } catch (Malformed e) {
        throw new AssertionError(e);
      }
    }

    Json.Obj json() {
      try {
        return ApiJson.parse("answer", body(), 1 << 22);
      } catch (Malformed e) {
        throw new AssertionError(e);
      }
    }

    boolean isSigned() {
      return header("Content-Type").equals(ENVELOPE);
    }
  }

  World(Path folder) throws Exception {
    this(folder, Template.SINGLE);
  }

  World(Path folder, Engine engine) throws Exception {
    this(folder, Template.SINGLE, engine);
  }

  World(Path folder, Template template) throws Exception {
    this(folder, template, Engine.SQLITE);
  }

  World(Path folder, Template template, Engine engine) throws Exception {
    this(folder, template, target -> template.copyTo(engine, target));
  }

  /** One with its ledger in an empty database. */
  World(Path folder, PostgresServer database) throws Exception {
    this(folder, Template.SINGLE, target -> Template.SINGLE.make(target, database));
  }

  /** Makes keys and ledger in a folder; returns where the ledger is. */
  private interface Init {
    LedgerDatabase in(Path folder) throws Exception;
  }

  private World(Path folder, Template template, Init init) throws Exception {
    this.folder = folder.resolve("custodian");
    this.clock = new ManualClock(System.currentTimeMillis());
    this.owner = template.owner();
    this.chip = SimulatedChip.create(AMD);
    this.otherChip = SimulatedChip.create(AMD);
    Files.createDirectories(folder);
    this.database = init.in(this.folder);
    this.server = CustodianPublic.read(this.folder.resolve(CustodianPublic.FILE));
    Path collateral = Files.createDirectories(this.folder.resolve("collateral"));
    Files.write(collateral.resolve("list.crl"), AMD.revocations(clock.instant()).encoded());
    Files.write(collateral.resolve("ask.der"), Certificates.encoded(AMD.ask()));
    this.roster = owner.roster(server);
    start();
  }

  /** Another custodian over the keys and the ledger of one that runs, with a copy of its anchor. */
  private World(Path folder, World running) throws Exception {
    this.folder = folder;
    this.database = running.database;
    this.clock = running.clock;
    this.owner = running.owner;
    this.chip = running.chip;
    this.otherChip = running.otherChip;
    this.server = running.server;
    this.roster = running.roster;
    this.modelPackage = running.modelPackage;
    this.lease = running.lease;
    Template.copy(running.folder, folder);
    start();
  }

  /** Another door to the same ledger: a second replica, where there can be one. */
  World secondDoor() throws Exception {
    return database instanceof PostgresServer
        ? new World(folder.resolveSibling(folder.getFileName() + "-2"), this)
        : this;
  }

  /** All that enrolment needs, with the lease of protocol §19 changed as a test wants it. */
  World lend(UnaryOperator<Lease> change) {
    register("rosters", roster.envelope());
    register("measurements", owner.measurements(1, Optional.empty(), Owner.MEASUREMENT).envelope());
    register(
        "borrowers",
        owner
            .borrower(
                owner.now,
                new Borrower.Platform(chip.platformId(), Tier.B),
                new Borrower.Platform(otherChip.platformId(), Tier.C))
            .envelope());
    modelPackage = owner.modelPackage();
    register("packages", modelPackage.envelope());
    assertThat(importDek(owner.dek).status()).isEqualTo(204);
    lease = owner.sign(change.apply(owner.lease(modelPackage.hash())));
    register("leases", lease.envelope());
    return this;
  }

  World lend() {
    return lend(UnaryOperator.identity());
  }

  Answer importDek(byte[] dek) {
    try {
      HpkePublicKey to = HpkePublicKey.parse("importKey", server.importKey());
      Sealed sealed =
          DekTransport.sealForImport(
              to,
              modelPackage.hash(),
              new DekMessage(owner.dekId, SecretBytes.taking(dek.clone())));
      byte[] body = new byte[sealed.enc().length() + sealed.ct().length()];
      System.arraycopy(sealed.enc().toArray(), 0, body, 0, sealed.enc().length());
      System.arraycopy(sealed.ct().toArray(), 0, body, sealed.enc().length(), sealed.ct().length());
      return post("/v1/packages/" + owner.packageId + "/dek", body);
    } catch (Malformed e) {
      throw new AssertionError(e);
    }
  }

  void register(String collection, Envelope envelope) {
    Answer answer = post("/v1/" + collection, envelope);
    assertThat(answer.status()).as(collection + ": " + answer.text).isEqualTo(201);
    assertThat(answer.as(Bundles.Registered.class).hash()).isEqualTo(envelope.hash());
  }

  Bundles.OrderReply order(Order order, Ed25519Signer... signers) {
    return send(order, signers).as(Bundles.OrderReply.class);
  }

  Answer send(Order order, Ed25519Signer... signers) {
    return post("/v1/orders", Dsse.sign(Statements.ORDER, order, signers).envelope());
  }

  Bundles.OrderReply revoke() {
    return order(stop(Order.Action.REVOKE), owner.operator);
  }

  Order stop(Order.Action action) {
    return owner.order(action, 0, 0, clock.millis());
  }

  Enclave enclave() {
    return new Enclave(this, chip);
  }

  Answer post(String path, Envelope envelope) {
    return post(path, envelope.write().getBytes(StandardCharsets.UTF_8));
  }

  Answer post(String path, byte[] body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri().resolve(path))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build());
  }

  Answer get(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri().resolve(path)).GET();
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build());
  }

  HttpClient http() {
    return http;
  }

  URI uri() {
    return uri;
  }

  private Answer send(HttpRequest request) {
    try {
      HttpResponse<String> r = http.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(r.statusCode(), r.headers(), r.body());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The operator's view of the one lease. */
  Json.Obj view() {
    return view("/v1/leases/" + owner.leaseId);
  }

  Json.Obj view(String path) {
    String token = operatorToken();
    Answer answer = get(path, "Authorization", "Bearer " + token);
    assertThat(answer.status()).as(answer.text).isEqualTo(200);
    return answer.json();
  }

  String operatorToken() {
    try {
      return Custodian.operatorToken(timed());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The ledger by this world's clock. */
  private LedgerDatabase timed() {
    return database instanceof PostgresServer s ? s.timedBy(clock) : database;
  }

  List<String> incidents() {
    Json.Arr all = (Json.Arr) view("/v1/incidents").get("incidents").orElseThrow();
    return all.items().stream().map(i -> text((Json.Obj) i, "what")).toList();
  }

  static String text(Json.Obj o, String field) {
    return ((Json.Str) o.get(field).orElseThrow()).value();
  }

  static long outputTokens(Json.Obj o, String field) {
    Json.Obj v = (Json.Obj) o.get(field).orElseThrow();
    return ((Json.Int) v.get("outputTokens").orElseThrow()).value();
  }

  /** A refusal; where an enclave may act on it, it is signed and answers this message. */
  Problem problem(Answer answer, Hash answers) {
    assertThat(answer.isSigned()).as(answer.text).isTrue();
    try {
      Problem p =
          Dsse.open(Statements.PROBLEM, Envelope.parse("problem", answer.body()), server.grantKey())
              .body();
      assertThat(p.answers()).isEqualTo(answers);
      assertThat(p.status()).isEqualTo(answer.status());
      return p;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** A refusal by this name that makes the enclave do this. */
  Problem assertRefused(Answer answer, Hash answers, String name, Problem.Action action) {
    Problem p = problem(answer, answers);
    assertThat(p.name()).isEqualTo(name);
    assertThat(p.action()).isEqualTo(action);
    return p;
  }

  /** SQL behind the custodian's back. */
  void sql(String statement) throws SQLException {
    try (Connection c = connection();
        Statement s = c.createStatement()) {
      s.execute(statement);
    }
  }

  /** What a statement behind the custodian's back would make of a number; it is undone. */
  long after(String statement, String number) throws SQLException {
    try (Connection c = connection();
        Statement s = c.createStatement()) {
      c.setAutoCommit(false);
      s.execute(statement);
      try (ResultSet r = s.executeQuery(number)) {
        r.next();
        return r.getLong(1);
      } finally {
        c.rollback();
      }
    }
  }

  private Connection connection() throws SQLException {
    if (database instanceof PostgresServer s) {
      return TestPostgres.connect(s);
    }
    Connection c = DriverManager.getConnection("jdbc:sqlite:" + database);
    try (Statement s = c.createStatement()) {
      s.execute("PRAGMA busy_timeout = 10000");
      s.execute("PRAGMA foreign_keys = ON");
    }
    return c;
  }

  /** Serves on with other settings, and nothing given by hand. */
  World restartedWith(UnaryOperator<CustodianConfig> change) throws Exception {
    for (String given : List.of("list.crl", "ask.der")) {
      Files.delete(folder.resolve("collateral").resolve(given));
    }
    return servedWith(change);
  }

  /** Serves on with other settings. */
  World servedWith(UnaryOperator<CustodianConfig> change) throws Exception {
    stop();
    settings = change;
    start();
    return this;
  }

  void start() throws Exception {
    start(AMD.anchors());
  }

  void start(Anchors anchors) throws Exception {
    custodian = Custodian.start(config(), anchors, clock);
    uri = custodian.uri();
    http = client(custodian.certificateSha256());
  }

  CustodianConfig config() {
    return settings.apply(CustodianConfig.of(folder, "127.0.0.1", 0).with(timed()));
  }

  private static HttpClient client(Hash certificate) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .sslContext(PinnedTls.context(certificate))
        .sslParameters(PinnedTls.parameters())
        .connectTimeout(Duration.ofSeconds(20))
        .build();
  }

  /** Serves the same folder from another process; {@link #start} takes it back. */
  Process startChild() throws Exception {
    return startChild(ChildJvm.quick());
  }

  /** As {@link #startChild()} with this option of the JVM, and without what makes it start fast. */
  Process startChild(String option) throws Exception {
    return startChild(ChildJvm.with(option));
  }

  /** As {@link #startChild()} on a JVM of this command. */
  Process startChild(List<String> jvm) throws Exception {
    Process child =
        child(jvm, database, folder.resolve(Custodian.ANCHOR_FILE))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(talkTo(child)).as("the child serves").isTrue();
    return child;
  }

  /** A custodian over this folder's keys, to be started as a process of its own. */
  ProcessBuilder child(List<String> jvm, LedgerDatabase ledger, Path anchor) throws IOException {
    Path roots = folder.resolve("roots");
    AMD.save(roots);
    List<String> command = new ArrayList<>(jvm);
    command.addAll(
        List.of(
            ChildCustodian.class.getName(),
            folder.toString(),
            roots.toString(),
            ledger.toString(),
            anchor.toString()));
    return new ProcessBuilder(command);
  }

  /** Asks a child from now on, once it serves; false when it ended instead. */
  boolean talkTo(Process child) throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
    Optional<String> address = Optional.ofNullable(out.readLine());
    address.ifPresent(a -> {
      uri = URI.create(a);
      http = client(server.tlsCertificate());
    });
    custodian = null;
    return address.isPresent();
  }

  void stop() {
    http.close();
    if (custodian != null) {
      custodian.close();
      custodian = null;
    }
  }

  Id leaseId() {
    return owner.leaseId;
  }

  @Override
  public void close() {
    stop();
  }
}
