package dev.leasehold.cli.demo;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.testkit.wire.WireTap;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One lease at work: its relay, its enclave on the simulated machine, its consumer's proxy. */
final class Rental {
  /**
   * What the story varies of a lease.
   *
   * @param amount output tokens, or requests of a model without tokens
   * @param stream size and cadence of response frames
   */
  record Terms(
      String unit,
      long amount,
      long tranche,
      long heartbeatMs,
      long ttlMs,
      long graceMs,
      Lease.Stream stream) {}

  private final World world;
  private final Custody custody;
  private final String name;
  private final String sealed;
  private final String program;
  private final boolean show;

  private final int inner = World.freePort();
  private final int outer = World.freePort();
  private final int page = World.freePort();
  private final int enclave = World.freePort();
  private final int proxy = World.freePort();
  private final WireTap toCustodian;
  private final WireTap toRelay;
  private final Id leaseId;
  private final List<Child> children = new ArrayList<>();

  Rental(
      World world,
      Custody custody,
      String name,
      String sealed,
      String program,
      Terms terms,
      boolean show)
      throws IOException, ClaimFailed {
    this.world = world;
    this.custody = custody;
    this.name = name;
    this.sealed = sealed;
    this.program = program;
    this.show = show;
    Files.createDirectories(world.path(name));
    this.toCustodian = tap(custody.port(), "wire-relay-custodian.bin");
    this.toRelay = tap(inner, "wire-enclave-relay.bin");
    this.leaseId = lease(terms);
  }

  Id leaseId() {
    return leaseId;
  }

  /** The folder with everything the borrower of this lease holds. */
  Path folder() {
    return world.path(name);
  }

  URI proxy() {
    return World.http(proxy);
  }

  URI outer() {
    return World.http(outer);
  }

  URI page() {
    return World.http(page);
  }

  /** The wire between relay and custodian, which the borrower can cut. */
  WireTap wire() {
    return toCustodian;
  }

  long wireBytes() {
    return toCustodian.bytes() + toRelay.bytes();
  }

  private WireTap tap(int port, String recording) throws IOException {
    return world.own(
        WireTap.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
            world.path(name).resolve(recording)));
  }

  private Id lease(Terms terms) throws ClaimFailed, IOException {
    String[] draft = {
      "draft",
      "lease",
      "--package",
      world.file(sealed + "/package.json"),
      "--borrower",
      world.file("borrower.json"),
      "--measurements",
      world.file("measurements.json"),
      "--profile",
      "strict",
      "--" + terms.unit,
      String.valueOf(terms.amount),
      "--tranche",
      String.valueOf(terms.tranche),
      "--max-active",
      "2",
      "--heartbeat-ms",
      String.valueOf(terms.heartbeatMs),
      "--ttl-ms",
      String.valueOf(terms.ttlMs),
      "--grace-ms",
      String.valueOf(terms.graceMs),
      "--frame-bytes",
      String.valueOf(terms.stream.frameBytes()),
      "--frame-ms",
      String.valueOf(terms.stream.frameMs()),
      "--out",
      world.file(name + "/lease.draft.json")
    };
    run(draft);
    custody.approveAndRegister("lease", name + "/lease", show);
    Json.Obj lease = Views.payload(world.path(name + "/lease.json"));
    return new Id(Views.text(lease, "leaseId"));
  }

  /** Starts the relay. */
  Child relay() throws IOException, InterruptedException, ClaimFailed {
    List<String> config =
        new ArrayList<>(
            List.of(
                "relay",
                "new",
                "--lease",
                leaseId.hex(),
                "--key",
                world.file("borrower.key"),
                "--package",
                world.file(sealed),
                "--state",
                world.file(name + "/evidence"),
                "--inner",
                "127.0.0.1:" + inner,
                "--outer",
                "127.0.0.1:" + outer,
                "--console",
                "127.0.0.1:" + page,
                "--enclave",
                World.http(enclave).toString(),
                "--out",
                world.file(name + "/relay.json"),
                "--custodian",
                Custody.uri(toCustodian.port()),
                "--pin",
                custody.pin()));
    run(config.toArray(String[]::new));
    return start(name + "-relay", "relay", "run", world.file(name + "/relay.json"));
  }

  /** Starts the enclave program on the simulated machine and waits until it serves. */
  Child machine() throws IOException, InterruptedException, ClaimFailed {
    return start(name + "-vm", vm(program, enclave));
  }

  /** Starts another program in its place, beside it. */
  Child tampered(String programFolder) throws IOException {
    return world.launch(name + "-" + programFolder, vm(programFolder, 0));
  }

  private String[] vm(String programFolder, int port) {
    return new String[] {
      "demo",
      "vm",
      "--machine",
      world.file("machine"),
      "--program",
      world.file(programFolder),
      "--relay",
      World.http(toRelay.port()).toString(),
      "--listen",
      "127.0.0.1:" + port
    };
  }

  /** Starts a consumer's proxy that trusts this lease only. */
  Child proxyProcess() throws IOException, InterruptedException, ClaimFailed {
    run(
        "proxy",
        "trust",
        "--approver",
        world.file("approver.key.pub"),
        "--lease",
        leaseId.hex(),
        "--out",
        world.file(name + "/trust.json"));
    return start(
        name + "-proxy",
        "demo",
        "proxy",
        "--trust",
        world.file(name + "/trust.json"),
        "--machine",
        world.file("machine"),
        "--relay",
        outer().toString(),
        "--listen",
        "127.0.0.1:" + proxy,
        "--receipts",
        world.file(name + "/receipts"));
  }

  /** Ends its processes, so that the next lease has the machine to itself. */
  void end() throws Exception {
    for (Child child : children.reversed()) {
      world.end(child);
    }
    children.clear();
  }

  private Child start(String log, String... args)
      throws IOException, InterruptedException, ClaimFailed {
    Child child = show ? world.start(log, args) : world.startQuietly(log, args);
    children.add(child);
    return child;
  }

  private void run(String... args) throws ClaimFailed {
    if (show) {
      world.runBriefly(args);
    } else {
      world.runQuietly(args);
    }
  }
}
