package dev.leasehold.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The custodian's side of the demo: its server, its people's keys, and what they sign. */
final class Custody {
  private final World world;
  private final int port;
  private final String pin;

  private Custody(World world, int port, String pin) {
    this.world = world;
    this.port = port;
    this.pin = pin;
  }

  /** Makes keys, starts the server and registers the roster. */
  static Custody found(World world) throws IOException, InterruptedException, ClaimFailed {
    int port = World.freePort();
    world.runBriefly("key", "new", "--out", world.file("approver.key"));
    world.runBriefly("key", "new", "--out", world.file("operator.key"));
    world.run(
        "custodian",
        "init",
        "--dir",
        world.file("custodian"),
        "--approver",
        world.file("approver.key.pub"));
    String pin =
        Views.text(
            Views.parse(Files.readAllBytes(world.path("custodian/custodian-public.json"))),
            "tlsCertificate");
    world.run("demo", "machine", "--out", world.file("machine"));
    world.start(
        "custodian",
        "demo",
        "custodian",
        "--dir",
        world.file("custodian"),
        "--listen",
        "127.0.0.1:" + port,
        "--machine",
        world.file("machine"));
    Custody custody = new Custody(world, port, pin);
    world.narrator().export("LEASEHOLD_CUSTODIAN", "--custodian", uri(port));
    world.narrator().export("LEASEHOLD_PIN", "--pin", pin);
    world.runBriefly(
        "draft",
        "roster",
        "--custodian-info",
        world.file("custodian/custodian-public.json"),
        "--approver",
        world.file("approver.key.pub"),
        "--operator",
        world.file("operator.key.pub"),
        "--out",
        world.file("roster.draft.json"));
    custody.approveAndRegister("roster", "roster", true);
    world.runQuietly(
        "custodian",
        "token",
        "--dir",
        world.file("custodian"),
        "--out",
        world.file("operator.token"));
    return custody;
  }

  int port() {
    return port;
  }

  String pin() {
    return pin;
  }

  /** Where a tap in the wire to this custodian pretends to be it. */
  static String uri(int port) {
    return "https://127.0.0.1:" + port;
  }

  List<String> options() {
    return List.of("--custodian", uri(port), "--pin", pin);
  }

  /** Signs {@code name.draft.json} and hands {@code name.json} to the server. */
  void approveAndRegister(String kind, String name, boolean show) throws ClaimFailed {
    String[] approve = {
      "approve",
      kind,
      world.file(name + ".draft.json"),
      "--key",
      world.file("approver.key"),
      "--out",
      world.file(name + ".json")
    };
    List<String> register = new ArrayList<>(List.of("register", world.file(name + ".json")));
    register.addAll(options());
    if (show) {
      world.runBriefly(approve);
      world.run(register.toArray(String[]::new));
    } else {
      world.runQuietly(approve);
      world.runQuietly(register.toArray(String[]::new));
    }
  }

  /** True when nobody but their owner may read the files of a folder. */
  static boolean privateFilesOnly(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        if (!mode.endsWith("------")) {
          return false;
        }
      }
      return true;
    }
  }

  /** Seals a model; the package folder is {@code name}. */
  void seal(Path model, String name, String... more) throws ClaimFailed {
    List<String> args =
        new ArrayList<>(
            List.of(
                "seal",
                model.toString(),
                "--out",
                world.file(name),
                "--key",
                world.file("approver.key"),
                "--custodian-info",
                world.file("custodian/custodian-public.json")));
    args.addAll(List.of(more));
    args.addAll(options());
    world.run(args.toArray(String[]::new));
  }
}
