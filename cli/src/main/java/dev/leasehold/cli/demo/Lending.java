package dev.leasehold.cli.demo;

import dev.leasehold.cli.demo.Story.Stage;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.AppraisalStatement;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Claim;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Statements;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;

/** Lending: what is signed, and how an enclave comes to hold a key. */
final class Lending {
  /** About a token a frame, so that a person can see a sentence being stopped. */
  static final Lease.Stream SLOW = new Lease.Stream(256, 100);

  /** For tensors, which are large. */
  static final Lease.Stream QUICK = new Lease.Stream(16_384, 20);

  /** Enough for everything the story asks, reported every second. */
  static final Rental.Terms ROOMY =
      new Rental.Terms("tokens", 4_000, 600, 1_000, 6_000, 6_000, SLOW);

  private static final String PROGRAM = "program";

  private Lending() {}

  /** A lease, a relay, an enclave on the simulated machine, appraised claim by claim. */
  static Rental bootAndAppraise(Stage stage) throws Exception {
    World world = stage.world();
    Narrator n = world.narrator();
    n.chapter("The borrower prepares its machine, and the custodian signs what it accepts");
    statements(stage);
    Rental rental = new Rental(world, stage.custody(), "main", "sealed", PROGRAM, ROOMY, true);

    n.chapter("The enclave boots on the SIMULATED confidential VM and is appraised");
    rental.relay();
    rental.machine();
    Bundles.WellKnown known = wellKnown(rental.outer());
    AppraisalStatement appraisal = appraisal(known);
    n.say("The custodian appraised the evidence. What it expected, and what it found:");
    n.console().blank();
    for (Claim claim : appraisal.claims()) {
      n.console()
          .line(
              String.format(
                  "     %s %-18s %-34s %s",
                  claim.passed() ? "✔" : "✘",
                  claim.claim(),
                  cut(claim.expected(), 34),
                  cut(claim.got(), 34)));
    }
    n.claim(
        "all " + appraisal.claims().size() + " checks passed and the verdict is affirming",
        appraisal.verdict() == AppraisalStatement.Verdict.AFFIRMING
            && appraisal.claims().stream().allMatch(Claim::passed));
    n.claim(
        "the measured program is the one the approvers signed",
        appraisal.measurement().hex().equals(Files.readString(world.path("measurement")).strip()));

    n.chapter("The key is released, to that enclave only");
    Json.Obj lease =
        stage
            .operator()
            .await(
                rental.leaseId(),
                "an active enclave",
                20,
                l -> l.write().contains("\"state\":\"ACTIVE\",\"createdAt\""));
    n.fact("sealed to", "a key made inside enclave " + appraisal.instanceId());
    n.fact(
        "model opened",
        Statements.PACKAGE.decode(known.modelPackage().payload().toArray()).modelDigest());
    n.claim(
        "the custodian has promised it no more than one tranche: "
            + Views.number(lease, "x", "outputTokens")
            + " tokens",
        Views.number(lease, "x", "outputTokens") <= ROOMY.tranche());
    rental.proxyProcess();
    return rental;
  }

  /** The same without the explanations. */
  static Rental quietly(Stage stage, String name, Rental.Terms terms) throws Exception {
    return quietly(stage, name, "sealed", terms);
  }

  static Rental quietly(Stage stage, String name, String sealed, Rental.Terms terms)
      throws Exception {
    Rental rental = new Rental(stage.world(), stage.custody(), name, sealed, PROGRAM, terms, false);
    rental.relay();
    rental.machine();
    rental.proxyProcess();
    return rental;
  }

  /** Program, measurements and borrower: signed once, used by every lease of the story. */
  static void statements(Stage stage) throws Exception {
    World world = stage.world();
    world.run(
        "enclave",
        "prepare",
        "--approver",
        world.file("approver.key.pub"),
        "--out",
        world.file(PROGRAM));
    world.run(
        "demo", "measure", "--program", world.file(PROGRAM), "--out", world.file("measurement"));
    String measurement = Files.readString(world.path("measurement")).strip();
    String platform = Files.readString(world.path("machine/platform-id")).strip();
    world.narrator().inFile(measurement, "measurement");
    world.narrator().inFile(platform, "machine/platform-id");
    world.runBriefly(
        "draft",
        "measurements",
        "--measurement",
        measurement,
        "--enclave-config",
        world.file(PROGRAM + "/enclave-config.json"),
        "--out",
        world.file("measurements.draft.json"));
    stage.custody().approveAndRegister("measurements", "measurements", true);
    world.runBriefly("key", "new", "--out", world.file("borrower.key"));
    world.runBriefly(
        "draft",
        "borrower",
        "--name",
        "Example Borrower",
        "--bk",
        world.file("borrower.key.pub"),
        "--platform",
        platform + "=B",
        "--out",
        world.file("borrower.draft.json"));
    stage.custody().approveAndRegister("borrower", "borrower", true);
  }

  static Bundles.WellKnown wellKnown(URI outer)
      throws IOException, InterruptedException, ClaimFailed {
    HttpResponse<byte[]> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(outer.resolve("/.well-known/leasehold")).build(),
                HttpResponse.BodyHandlers.ofByteArray());
    try {
      return Bundle.parse(Bundles.WellKnown.class, response.body(), 1 << 20);
    } catch (Malformed m) {
      throw new ClaimFailed("the enclave's own description: " + m);
    }
  }

  private static AppraisalStatement appraisal(Bundles.WellKnown known) throws ClaimFailed {
    try {
      return Statements.APPRAISAL.decode(known.appraisal().payload().toArray());
    } catch (Malformed m) {
      throw new ClaimFailed(m.toString());
    }
  }

  private static String cut(String text, int width) {
    return text.length() <= width ? text : text.substring(0, width - 1) + "…";
  }
}
