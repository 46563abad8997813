import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.CollateralFile;
import dev.leasehold.core.evidence.Evidence;
import dev.leasehold.core.evidence.EvidenceFile;
import dev.leasehold.core.evidence.EvidenceKind;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.Verifier;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.json.StrictJson;
import dev.leasehold.core.pki.PinnedAnchors;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * How long verification takes, warm, beside two other verifiers that take turns with ours on the
 * same core. Processor time is what one core needs whatever else runs on it; of ours it leaves out
 * the JVM's compiler and collector, of node's nothing. Arguments: folder of vectors, folder of the
 * peers, rounds.
 */
class AttestationBench {
  private static final PrintStream OUT = System.out;
  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();
  private static final int BATCH = 25;
  private static final int WARM_UP = 20;
  private static final String QUOTE = "v4-b0c0-uptodate.quote";
  private static final String COLLATERAL = "v4-b0c0-uptodate.coll.json";
  private static final Instant TDX_TIME = Instant.parse("2025-07-01T00:00:00Z");
  private static final Instant SNP_TIME = Instant.parse("2026-03-01T00:00:00Z");

  /** Verifies some times over; notes how long each took and what came of it. */
  private interface Verification {
    Batch run(int count) throws Exception;
  }

  private record Batch(String status, List<Long> wall, List<Long> cpu) {}

  private interface Once {
    Verdict verify() throws Exception;
  }

  private static final class Contender {
    final String name;
    final Verification verification;
    final List<Long> wall = new ArrayList<>();
    final List<Long> cpu = new ArrayList<>();
    String status = "";

    Contender(String name, Verification verification) {
      this.name = name;
      this.verification = verification;
    }

    void round(boolean counts) throws Exception {
      Batch batch = verification.run(BATCH);
      status = batch.status;
      if (counts) {
        wall.addAll(batch.wall);
        cpu.addAll(batch.cpu);
      }
    }
  }

  public static void main(String[] args) throws Exception {
    Path vectors = Path.of(args[0]);
    Path peers = Path.of(args[1]);
    if (args[2].equals("once")) {
      OUT.println(status(tdx(vectors).verify()));
      return;
    }
    int rounds = Integer.parseInt(args[2]);
    Process node = node(vectors, peers, "").start();
    try {
      List<Contender> tdx =
          List.of(
              new Contender("leasehold, TDX, all from its bytes", ours(tdx(vectors))),
              new Contender("leasehold, TDX, collateral held", ours(tdxHeld(vectors))),
              new Contender("@phala/dcap-qvl (JavaScript)", new Peer(node, "javascript")),
              new Contender("@phala/dcap-qvl-web (Rust, wasm)", new Peer(node, "wasm")));
      Contender snp = new Contender("leasehold, SEV-SNP, all from its bytes", ours(snp(vectors)));
      Contender snpHeld = new Contender("leasehold, SEV-SNP, collateral held", ours(snpHeld(vectors)));
      List<Contender> all = new ArrayList<>(tdx);
      all.addAll(List.of(snp, snpHeld));
      for (int round = -WARM_UP; round < rounds; round++) {
        for (Contender c : all) {
          c.round(round >= 0);
        }
      }
      OUT.printf("%d verifications each, in turns, one core%n", rounds * BATCH);
      OUT.printf(
          "%-42s %-10s %10s %10s %8s%n", "verifier", "status", "wall ms", "cpu ms", "of ours");
      all.forEach(c -> print(c, all.get(0)));
      if (tdx.stream().map(c -> c.status).distinct().count() > 1) {
        throw new IllegalStateException("the verifiers disagree about the quote");
      }
    } finally {
      node.destroy();
    }
    cold(vectors, peers);
    garbage();
  }

  private static void print(Contender c, Contender ours) {
    OUT.printf(
        "%-42s %-10s %10.2f %10.2f %8.2f%n",
        c.name,
        c.status,
        median(c.wall) / 1e6,
        median(c.cpu) / 1e6,
        median(c.cpu) / (double) median(ours.cpu));
  }

  private static Once tdx(Path vectors) throws Exception {
    byte[] quote = Files.readAllBytes(vectors.resolve("tdx").resolve(QUOTE));
    byte[] collateral = Files.readAllBytes(vectors.resolve("tdx").resolve(COLLATERAL));
    return () ->
        verify(EvidenceKind.TDX, quote, CollateralFile.read(COLLATERAL, collateral), TDX_TIME);
  }

  private static Once tdxHeld(Path vectors) throws Exception {
    byte[] quote = Files.readAllBytes(vectors.resolve("tdx").resolve(QUOTE));
    Collateral held =
        CollateralFile.read(
            COLLATERAL, Files.readAllBytes(vectors.resolve("tdx").resolve(COLLATERAL)));
    return () -> verify(EvidenceKind.TDX, quote, held, TDX_TIME);
  }

  private static Once snp(Path vectors) throws Exception {
    byte[] report = Files.readAllBytes(vectors.resolve("snp/genoa-v3.report"));
    byte[] vcek = Files.readAllBytes(vectors.resolve("snp/genoa-v3.vcek.pem"));
    byte[] issuers = Files.readAllBytes(vectors.resolve("snp/genoa.ask-ark.pem"));
    return () ->
        verify(
            EvidenceKind.SNP,
            report,
            CollateralFile.read("vcek", vcek).and(CollateralFile.read("issuers", issuers)),
            SNP_TIME);
  }

  private static Once snpHeld(Path vectors) throws Exception {
    byte[] report = Files.readAllBytes(vectors.resolve("snp/genoa-v3.report"));
    Collateral held =
        CollateralFile.read("vcek", Files.readAllBytes(vectors.resolve("snp/genoa-v3.vcek.pem")))
            .and(
                CollateralFile.read(
                    "issuers", Files.readAllBytes(vectors.resolve("snp/genoa.ask-ark.pem"))));
    return () -> verify(EvidenceKind.SNP, report, held, SNP_TIME);
  }

  private static Verdict verify(EvidenceKind kind, byte[] bytes, Collateral collateral, Instant now)
      throws Malformed {
    Evidence evidence = EvidenceFile.read(kind, bytes, List.of());
    return Verifier.verify(evidence, collateral, PinnedAnchors.ANCHORS, now);
  }

  private static String status(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Genuine g -> g.claims().tcb().status().isEmpty() ? "genuine" : g.claims().tcb().status();
      case Verdict.Refused r -> "refused: " + r.refusal().claim();
    };
  }

  private static Verification ours(Once once) {
    return count -> {
      List<Long> wall = new ArrayList<>();
      List<Long> cpu = new ArrayList<>();
      Verdict verdict = null;
      for (int i = 0; i < count; i++) {
        long used = CPU.getCurrentThreadCpuTime();
        long start = System.nanoTime();
        verdict = once.verify();
        wall.add(System.nanoTime() - start);
        cpu.add(CPU.getCurrentThreadCpuTime() - used);
      }
      return new Batch(status(verdict), wall, cpu);
    };
  }

  private static ProcessBuilder node(Path vectors, Path peers, String once) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "node",
                peers.resolve("peers.mjs").toString(),
                vectors.resolve("tdx").resolve(QUOTE).toString(),
                vectors.resolve("tdx").resolve(COLLATERAL).toString(),
                Long.toString(TDX_TIME.getEpochSecond())));
    if (!once.isEmpty()) {
      command.add(once);
    }
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
  }

  /** A package inside the node process; it works only while it is asked. */
  private static final class Peer implements Verification {
    private static final int MAX_ANSWER = 1 << 20;

    private final Process node;
    private final BufferedReader in;
    private final String name;

    Peer(Process node, String name) {
      this.node = node;
      this.in = node.inputReader();
      this.name = name;
    }

    @Override
    public Batch run(int count) throws Exception {
      node.getOutputStream()
          .write((name + " " + count + "\n").getBytes(StandardCharsets.US_ASCII));
      node.getOutputStream().flush();
      String line = in.readLine();
      if (line == null) {
        throw new IOException("the peers have ended");
      }
      Json.Obj answer =
          StrictJson.parse("answer", line.getBytes(StandardCharsets.UTF_8), MAX_ANSWER);
      return new Batch(
          ((Json.Str) answer.get("status").orElseThrow()).value(),
          numbers(answer, "wall"),
          numbers(answer, "cpu"));
    }

    private static List<Long> numbers(Json.Obj answer, String name) {
      return ((Json.Arr) answer.get(name).orElseThrow())
          .items().stream().map(n -> ((Json.Int) n).value()).toList();
    }
  }

  /** One verification in a process of its own, from its start to its end. */
  private static void cold(Path vectors, Path peers) throws Exception {
    List<String> java =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            AttestationBench.class.getName(),
            vectors.toString(),
            peers.toString(),
            "once");
    OUT.println("a whole process that verifies once");
    started("leasehold", new ProcessBuilder(java));
    started("@phala/dcap-qvl (JavaScript)", node(vectors, peers, "javascript"));
    started("@phala/dcap-qvl-web (Rust, wasm)", node(vectors, peers, "wasm"));
  }

  private static void started(String name, ProcessBuilder builder) throws Exception {
    List<Long> took = new ArrayList<>();
    String answer = "";
    for (int i = 0; i < 5; i++) {
      long start = System.nanoTime();
      Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
      answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      process.waitFor();
      took.add(System.nanoTime() - start);
    }
    OUT.printf("%-42s %-10s %10.0f%n", name, answer, median(took) / 1e6);
  }

  /** A mebibyte of noise as evidence of each kind. */
  private static void garbage() {
    byte[] noise = new byte[1 << 20];
    new Random(1).nextBytes(noise);
    OUT.println("1 MiB of garbage");
    for (EvidenceKind kind : EvidenceKind.values()) {
      List<Long> took = new ArrayList<>();
      for (int i = 0; i < 21; i++) {
        long start = System.nanoTime();
        try {
          EvidenceFile.read(kind, noise, List.of());
          throw new IllegalStateException(kind + " takes noise");
        } catch (Malformed e) {
          took.add(System.nanoTime() - start);
        }
      }
      OUT.printf("%-42s %-10s %10.2f%n", kind.word(), "refused", median(took) / 1e6);
    }
  }

  private static long median(List<Long> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }
}
