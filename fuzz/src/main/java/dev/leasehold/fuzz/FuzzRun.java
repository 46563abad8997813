package dev.leasehold.fuzz;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Runs targets under Jazzer, each in a process of its own. What it learns stays in {@code
 * fuzz/target/fuzz/TARGET}: {@code corpus} is where the next run continues, {@code log} what Jazzer
 * said, {@code finding-*} the input that broke the target.
 */
public final class FuzzRun {
  private static final PrintStream OUT = System.out;
  private static final int MAX_INPUT_BYTES = 1 << 17;
  private static final int MAX_SECONDS_PER_INPUT = 10;

  private final Path root;
  private final int seconds;

  private FuzzRun(Path root, int seconds) {
    this.root = root;
    this.seconds = seconds;
  }

  /** Arguments: {@code TARGET|all SECONDS [JOBS]}; ends with 1 after a finding. */
  public static void main(String[] args) throws Exception {
    if (args.length < 2) {
      Targets.ALL.forEach(t -> OUT.println(t.name()));
      System.exit(2);
    }
    List<Target> targets =
        args[0].equals("all")
            ? Targets.ALL
            : List.of(
                Targets.named(args[0])
                    .orElseThrow(() -> new IllegalArgumentException("no target " + args[0])));
    FuzzRun run =
        new FuzzRun(Path.of(System.getProperty("leasehold.root", ".")), Integer.parseInt(args[1]));
    System.exit(run.all(targets, args.length > 2 ? Integer.parseInt(args[2]) : 1) ? 0 : 1);
  }

  private boolean all(List<Target> targets, int jobs) throws Exception {
    List<Callable<Boolean>> runs = new ArrayList<>();
    targets.forEach(t -> runs.add(() -> one(t)));
    try (ExecutorService pool = Executors.newFixedThreadPool(jobs)) {
      boolean clean = true;
      for (Future<Boolean> run : pool.invokeAll(runs)) {
        clean &= run.get();
      }
      return clean;
    }
  }

  private boolean one(Target target) throws Exception {
    Path folder = root.resolve("fuzz/target/fuzz").resolve(target.name());
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    Path seeds = Files.createDirectories(folder.resolve("seeds"));
    List<byte[]> inputs = new ArrayList<>(target.seeds().make());
    inputs.addAll(Findings.of(target, root));
    for (int i = 0; i < inputs.size(); i++) {
      Files.write(seeds.resolve(Integer.toString(i)), inputs.get(i));
    }
    Path log = folder.resolve("log");
    int status = jazzer(target, folder, List.of(corpus, seeds), log);
    OUT.printf(
        "%-20s %s  %s%n", target.name(), status == 0 ? "clean  " : "FINDING", lastProgress(log));
    return status == 0;
  }

  private int jazzer(Target target, Path folder, List<Path> corpora, Path log)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx512m",
            "-XX:+EnableDynamicAgentLoading",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dleasehold.shared=" + System.getProperty("leasehold.shared", "absent"),
            "-cp",
            System.getProperty("java.class.path"),
            "com.code_intelligence.jazzer.Jazzer",
            "--target_class=" + JazzerEntry.class.getName(),
            "--target_args=" + target.name(),
            "--instrumentation_includes=dev.leasehold.core.**",
            "--reproducer_path=" + folder,
            "-artifact_prefix=" + folder.resolve("finding-"),
            "-max_total_time=" + seconds,
            "-timeout=" + MAX_SECONDS_PER_INPUT,
            "-max_len=" + MAX_INPUT_BYTES,
            "-rss_limit_mb=3072"));
    corpora.forEach(c -> command.add(c.toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start()
        .waitFor();
  }

  /** Executions and coverage as Jazzer reported them last. */
  private static String lastProgress(Path log) throws IOException {
    try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
      return lines.filter(l -> l.matches("#\\d.*")).reduce("", (a, b) -> b);
    }
  }
}
