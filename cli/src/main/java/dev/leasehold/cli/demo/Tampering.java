package dev.leasehold.cli.demo;

import dev.leasehold.cli.demo.Story.Stage;
import dev.leasehold.core.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The borrower changes the enclave program and tries again. */
final class Tampering {
  private static final int SECONDS = 40;

  private Tampering() {}

  static void isRefused(Stage stage, Rental rental) throws Exception {
    World world = stage.world();
    Narrator n = world.narrator();
    n.chapter("The borrower changes the enclave program by one line");
    Path tampered = world.path("tampered");
    copy(world.path("program"), tampered);
    Files.writeString(tampered.resolve("launch"), "# harmless?\n", StandardOpenOption.APPEND);
    n.console().line(n.console().dim("   $ echo '# harmless?' >> tampered/launch"));
    Child vm = rental.tampered("tampered");
    Json.Obj incident = awaitRefusal(stage);
    String detail = Views.text(incident, "detail");
    n.fact("refused", detail);
    n.claim(
        "the custodian refused it for its measurement, and released no key",
        detail.contains("measurement")
            && detail.contains(Files.readString(world.path("measurement")).strip()));
    n.claim("the tampered enclave ended", vm.awaitExit(20));
  }

  private static Json.Obj awaitRefusal(Stage stage) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (System.nanoTime() - deadline < 0) {
      if (Views.at(stage.operator().incidents(), "incidents") instanceof Json.Arr(var all)) {
        for (Json incident : all) {
          if (Views.text(incident, "what").equals("evidence-refused")) {
            return (Json.Obj) incident;
          }
        }
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    throw new ClaimFailed("no refusal within " + SECONDS + " s");
  }

  private static void copy(Path from, Path to) throws Exception {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(from)) {
      files = walk.toList();
    }
    for (Path file : files) {
      Files.copy(file, to.resolve(from.relativize(file).toString()));
    }
  }
}
