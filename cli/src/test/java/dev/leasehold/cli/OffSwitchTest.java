package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.json.Codec;
import dev.leasehold.custodian.LivingLease;
import dev.leasehold.testkit.wire.WireTap;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The off-switch at the command line, against a custodian that really runs. */
class OffSwitchTest {
  @TempDir private Path folder;
  private LivingLease lease;
  private LivingLease.Tenant a;
  private LivingLease.Tenant b;

  /** What was printed, which another thread may read while it grows. */
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  private final PrintStream standard = System.out;

  @BeforeEach
  void lend() throws Exception {
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    lend(1);
  }

  private void lend(int threshold) throws Exception {
    lease = LivingLease.start(folder.resolve("c" + threshold), threshold);
    a = lease.tenant();
    b = lease.tenant();
    a.beat(1_472);
    LocalFiles.writePrivateKey(key("operator" + threshold), lease.operator());
    for (int i = 0; i < 2; i++) {
      Ed25519Signer approver = lease.approvers().get(i);
      LocalFiles.writePrivateKey(key("approver" + threshold + i), approver);
      LocalFiles.write(
          Path.of(key("approver" + threshold + i) + ".pub"),
          PrettyJson.write(Codec.of(KeyRecord.class).encode(approver.key())));
    }
    Files.writeString(folder.resolve("token" + threshold), lease.token());
  }

  @AfterEach
  void close() {
    System.setOut(standard);
    lease.close();
  }

  @Test
  @Tag("OS-01")
  @Tag("OS-02")
  void theCallerSeesXBeforeTheUnresolvedAfterAndTheProofInTheEnd() throws Exception {
    assertThat(run(stop("revoke", "--dry-run", "--token", at("token1")))).isZero();
    assertThat(said())
        .contains("at most 4 000 output tokens beyond what is proven used, by 2 enclaves")
        .contains(a.id() + "  at most 2 000 output tokens; serving")
        .doesNotContain("committed");

    CompletableFuture<Integer> revoke =
        CompletableFuture.supplyAsync(
            () -> run(stop("revoke", "--token", at("token1"), "--wait", "--out", at("proof"))));
    awaitSaid("REVOKE committed");
    awaitSaid("at most 4 000 output tokens more, by these enclaves together, for ever");
    awaitSaid("2 enclaves without proof of having stopped");
    a.end(1_500);
    awaitSaid("1 of 2  " + a.id());
    assertThat(said())
        .contains("Left: at most 2 000 output tokens")
        .doesNotContain("complete")
        .doesNotContain("UNRESOLVED");
    b.end(3);
    assertThat(revoke.get(30, TimeUnit.SECONDS)).isZero();
    assertThat(said())
        .contains("complete: nothing more can be consumed by these enclaves")
        .contains("proven use     1 503 output tokens")
        .contains("the proof names itself");

    lease.close();
    assertThat(
            run(
                "proof",
                "check",
                at("proof"),
                "--approver",
                at("approver10.pub"),
                "--approver",
                at("approver11.pub")))
        .isZero();
    assertThat(said()).contains("complete").contains("approvers you named");
  }

  @Test
  @Tag("OS-02")
  void whatDoesNotAnswerIsNeverCalledStoppedAndAWriteOffIsShownForEver() throws Exception {
    a.end(1_500);
    lease.pass(200_000);
    assertThat(run(stop("revoke", "--token", at("token1"), "--wait=1", "--out", at("proof"))))
        .isEqualTo(StopCommand.Ending.UNRESOLVED);
    assertThat(said())
        .contains("UNRESOLVED: 1 enclave may still consume at most 2 000 output tokens")
        .contains("NOT ceased: at most 2 000 output tokens more")
        .contains("incomplete")
        .doesNotContainIgnoringCase("is stopped")
        .doesNotContain("complete: nothing");
    assertThat(run("proof", "check", at("proof"))).isEqualTo(StopCommand.Ending.UNRESOLVED);

    awaitFenced();
    assertThat(run(order("write-off", "approver10", "--instance", b.id().hex()))).isZero();
    assertThat(said())
        .contains("residual       at most 2 000 output tokens beyond X, for ever: written off");
    assertThat(run(custodian("show", lease.leaseId().hex(), "--token", at("token1")))).isZero();
    assertThat(said())
        .contains("SETTLED")
        .contains("at most 2 000 output tokens beyond X, for ever")
        .contains("WRITTEN_OFF");
    assertThat(run(custodian("proof", "fetch", lease.leaseId().hex(), "--token", at("token1"))))
        .isZero();
    assertThat(said()).contains("written off after nothing; at most 2 000 output tokens more");
  }

  @Test
  void aCustodianThatIsAwayForAWhileIsAskedUntilItAnswers() throws Exception {
    try (WireTap wire = wire()) {
      CompletableFuture<Integer> revoke =
          CompletableFuture.supplyAsync(
              () -> run(through(wire, stop("revoke", "--token", at("token1"), "--wait"))));
      awaitSaid("2 enclaves without proof of having stopped");
      wire.cut();
      awaitSaid("No custodian answers");
      a.end(1_500);
      b.end(3);
      wire.mend();
      assertThat(revoke.get(30, TimeUnit.SECONDS)).isZero();
      assertThat(said())
          .containsOnlyOnce("No custodian answers")
          .containsOnlyOnce("The custodian answers again")
          .contains("2 of 2", "complete: nothing more can be consumed by these enclaves");
    }
  }

  @Test
  void aCustodianThatStaysAwayIsNotAskedLongerThanTheCallerWaits() throws Exception {
    try (WireTap wire = wire()) {
      wire.cut();
      Waiting waiting =
          new Waiting(
              new CustodianClient(uri(wire), lease.pin()),
              lease.leaseId(),
              lease.token(),
              Console.standard());
      assertThat(waiting.until(1, i -> true)).isFalse();
      assertThat(waiting.isAway()).isTrue();
      assertThat(said()).containsOnlyOnce("No custodian answers").contains("UNRESOLVED");
    }
  }

  private WireTap wire() throws Exception {
    return WireTap.open(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), lease.uri().getPort()),
        folder.resolve("wire"));
  }

  private static URI uri(WireTap wire) {
    return URI.create("https://127.0.0.1:" + wire.port());
  }

  /** The same command to what seems to be a custodian at the near end of the wire. */
  private String[] through(WireTap wire, String... command) {
    return Stream.of(command)
        .map(s -> s.equals(lease.uri().toString()) ? uri(wire).toString() : s)
        .toArray(String[]::new);
  }

  @Test
  void withoutATokenTheStopIsSentAllTheSame() {
    assertThat(run(stop("suspend"))).isZero();
    assertThat(said())
        .contains("SUSPEND committed")
        .contains("at most 4 000 output tokens more")
        .contains("until a quorum resumes the lease");
    assertThat(run(stop("revoke", "--token", at("nowhere")))).isZero();
    assertThat(said()).contains("X before the stop is not known here", "REVOKE committed");
  }

  @Test
  void aDrainBoundsNothingAndSaysSo() throws Exception {
    CompletableFuture<Integer> drain =
        CompletableFuture.supplyAsync(() ->
            run(stop("drain", "--instance", a.id().hex(), "--token", at("token1"), "--wait")));
    awaitSaid("only a suspend or a revoke bounds it");
    a.end(1_500);
    assertThat(drain.get(30, TimeUnit.SECONDS)).isZero();
    assertThat(said()).contains("1 of 1  " + a.id()).contains("NOT ceased");
  }

  @Test
  void aQuarantineNamesTheMachine() {
    assertThat(run(stop("quarantine", "--platform", lease.platformId()))).isZero();
    assertThat(said()).contains("QUARANTINE committed", "2 enclaves without proof");
  }

  @Test
  @Tag("OS-06")
  void aResumeNeedsTheSignaturesOfTheQuorumOverOneOrder() throws Exception {
    lease.close();
    lend(2);
    assertThat(run(order("suspend", "operator2"))).isZero();
    said();
    String[] resume =
        order("resume", "approver20", "--after-cseq", "1", "--save", at("resume.json"));
    assertThat(run(resume)).isZero();
    assertThat(run(custodian("register", at("resume.json")))).isEqualTo(1);
    assertThat(
            run(
                "approve",
                "order",
                at("resume.json"),
                "--key",
                at("approver21"),
                "--out",
                at("both.json")))
        .isZero();
    assertThat(run(custodian("register", at("both.json")))).isZero();
    assertThat(said()).contains("RESUME committed");
  }

  @Test
  void aProofThatWasTouchedIsRefused() throws Exception {
    run(stop("revoke"));
    a.end(1_500);
    b.end(0);
    assertThat(
            run(
                custodian(
                    "proof",
                    "fetch",
                    lease.leaseId().hex(),
                    "--token",
                    at("token1"),
                    "--out",
                    at("p"))))
        .isZero();
    String text = Files.readString(folder.resolve("p"));
    int at = text.indexOf("\"sig\":\"", text.indexOf("vnd.leasehold.final")) + 7;
    char other = text.charAt(at) == 'A' ? 'B' : 'A';
    Files.writeString(
        folder.resolve("touched"), text.substring(0, at) + other + text.substring(at + 1));
    assertThat(run("proof", "check", at("touched"))).isEqualTo(1);
    assertThat(run("proof", "check", at("p"), "--approver", at("approver10.pub")))
        .as("other approvers")
        .isEqualTo(1);
    assertThat(run("proof", "check", at("p"))).isZero();
  }

  private void awaitFenced() {
    await()
        .atMost(30, TimeUnit.SECONDS)
        .until(() -> {
          run(custodian("show", lease.leaseId().hex(), "--token", at("token1")));
          return said().contains("FENCED");
        });
  }

  private void awaitSaid(String words) {
    await()
        .atMost(30, TimeUnit.SECONDS)
        .until(() -> printed.toString(StandardCharsets.UTF_8).contains(words));
  }

  /** What was printed since the last look. */
  private String said() {
    String all = printed.toString(StandardCharsets.UTF_8);
    printed.reset();
    return all;
  }

  private String[] stop(String verb, String... more) {
    return order(verb, "operator1", more);
  }

  private String[] order(String verb, String signer, String... more) {
    List<String> args = new ArrayList<>(List.of(lease.leaseId().hex(), "--key", at(signer)));
    args.addAll(List.of(more));
    return custodian(verb, args.toArray(String[]::new));
  }

  private String[] custodian(String verb, String... more) {
    List<String> args = new ArrayList<>(List.of(verb));
    args.addAll(List.of(more));
    args.addAll(List.of("--custodian", lease.uri().toString(), "--pin", lease.pin().hex()));
    return args.toArray(String[]::new);
  }

  private static int run(String... args) {
    return Verbs.run(args);
  }

  private Path key(String name) {
    return folder.resolve(name);
  }

  private String at(String name) {
    return folder.resolve(name).toString();
  }
}
