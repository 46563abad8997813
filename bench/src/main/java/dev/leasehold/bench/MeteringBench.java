package dev.leasehold.bench;

import dev.leasehold.core.guard.Denied;
import dev.leasehold.core.guard.Guard;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.guard.Permit;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.enclave.model.Finish;
import dev.leasehold.enclave.model.GenerateRequest;
import dev.leasehold.enclave.model.LeaseLimits;
import dev.leasehold.enclave.model.LlmService;
import dev.leasehold.enclave.model.Metering;
import dev.leasehold.enclave.model.Prompt;
import dev.leasehold.enclave.model.Rejected;
import dev.leasehold.enclave.model.Sampling;
import dev.leasehold.enclave.model.TextSink;
import dev.leasehold.enclave.model.Usage;
import dev.leasehold.enclave.model.engine.ModelMemory;
import dev.leasehold.enclave.model.engine.Natives;
import dev.leasehold.enclave.model.engine.Tariff;
import dev.leasehold.enclave.model.llama.BareLoop;
import dev.leasehold.enclave.model.llama.LlamaEngine;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What the meter costs: tokens per second of {@link LlmService} under a guard next to those of
 * {@link BareLoop}, in one process, in turns, medians. Both must write the same text.
 *
 * <p>The wall clock is what users see; the processor time of the threads that run the loops says
 * the same on a machine that is busy with other things.
 *
 * <p>Arguments: the GGUF file, then optionally tokens per text and rounds.
 */
final class MeteringBench {
  private static final String PROMPT = "Once upon a time";
  private static final int WARM_UP = 40;
  private static final double GOAL = 0.97;
  private static final Vec PLENTY = new Vec(Vec.MAX / 2, Vec.MAX / 2, Vec.MAX / 2, Vec.MAX / 2);
  private static final Tariff TARIFF = new Tariff(new ModelPackage.Flops(1, 1, 1, 1, 1));

  private final Guard guard = new Guard(System.nanoTime());
  private final Path model;
  private final int tokens;
  private final int rounds;

  private MeteringBench(Path model, int tokens, int rounds) {
    this.model = model;
    this.tokens = tokens;
    this.rounds = rounds;
    guard.raise(PLENTY);
    guard.renew(System.nanoTime() + Duration.ofDays(1).toNanos());
    guard.mode(Mode.RUN);
  }

  public static void main(String[] arguments) throws Exception {
    int tokens = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 200;
    int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 31;
    MeteringBench bench = new MeteringBench(Path.of(arguments[0]), tokens, rounds);
    System.out.printf(
        "%s, %d tokens a text, %d rounds in turns, 1 thread, medians%n",
        bench.model.getFileName(), tokens, rounds);
    System.out.println("sequences   clock   bare tok/s   metered tok/s   ratio   goal 97%");
    for (int sequences : new int[] {1, 8}) {
      bench.compare(sequences);
    }
    bench.guardAlone();
  }

  private void compare(int sequences) throws Exception {
    LlamaEngine.Options options = new LlamaEngine.Options(sequences, 0, 1);
    Natives natives = Natives.fromSystemProperty();
    Metering metering =
        new Metering(
            guard, TARIFF, () -> new LeaseLimits(PLENTY, Duration.ofSeconds(15)), System::nanoTime);
    // The bare loop has a thread of its own too: changing threads is no part of metering.
    try (ExecutorService thread = Executors.newSingleThreadExecutor();
        BareLoop bare = new BareLoop(natives, load(), options);
        LlmService service =
            LlmService.open(natives, List.of(load()), options, metering, () -> 1)) {
      Rates bareRates = new Rates(rounds, (long) sequences * tokens);
      Rates meteredRates = new Rates(rounds, (long) sequences * tokens);
      for (int round = -WARM_UP; round < rounds; round++) {
        List<String> plain =
            bareRates.measure(
                round, () -> thread.submit(() -> bare.run(PROMPT, sequences, tokens)).get());
        List<String> metered = meteredRates.measure(round, () -> serve(service, sequences));
        if (!plain.equals(metered)) {
          throw new IllegalStateException("the two loops wrote different texts");
        }
      }
      print(sequences, "wall", bareRates.wall(), meteredRates.wall());
      print(sequences, "cpu", bareRates.cpu(), meteredRates.cpu());
    }
  }

  private static void print(int sequences, String clock, double bare, double metered) {
    System.out.printf(
        "%9d   %-5s %12.0f %15.0f %6.1f%%   %s%n",
        sequences,
        clock,
        bare,
        metered,
        100 * metered / bare,
        metered / bare >= GOAL ? "met" : "missed");
  }

  private List<String> serve(LlmService service, int sequences) throws Exception {
    List<Collector> clients = new ArrayList<>();
    for (int i = 0; i < sequences; i++) {
      clients.add(submit(service));
    }
    List<String> texts = new ArrayList<>();
    for (Collector client : clients) {
      texts.add(client.done.get());
    }
    return texts;
  }

  private Collector submit(LlmService service) throws Denied, Rejected {
    Collector client = new Collector();
    service.submit(
        new GenerateRequest(new Prompt.Text(PROMPT), Sampling.GREEDY, tokens, List.of()), client);
    return client;
  }

  /** The guard's own part of a step: reserve, check before showing, release. */
  private void guardAlone() throws Denied {
    Vec need = TARIFF.decode(100);
    int steps = 2_000_000;
    double[] nanos = new double[7];
    for (int i = 0; i < nanos.length; i++) {
      long start = System.nanoTime();
      for (int step = 0; step < steps; step++) {
        try (Permit permit = guard.acquire(need, System.nanoTime())) {
          permit.consume();
        }
        if (!guard.mayEmit(System.nanoTime())) {
          throw new IllegalStateException("the guard stopped");
        }
      }
      nanos[i] = (System.nanoTime() - start) / (double) steps;
    }
    System.out.printf("guard alone: %.0f ns a step (goal: at most 50 000)%n", Rates.median(nanos));
  }

  private ModelMemory load() throws IOException {
    return ModelMemory.copyOf(MemorySegment.ofArray(Files.readAllBytes(model)));
  }

  private static final class Collector implements TextSink {
    private final StringBuilder text = new StringBuilder();
    private final CompletableFuture<String> done = new CompletableFuture<>();

    @Override
    public boolean ready() {
      return true;
    }

    @Override
    public void text(String piece) {
      text.append(piece);
    }

    @Override
    public void finished(Finish finish, Vec charged, Usage usage) {
      if (finish == Finish.LENGTH) {
        done.complete(text.toString());
      } else {
        done.completeExceptionally(new IllegalStateException("the text ended with " + finish));
      }
    }

    @Override
    public boolean cancelled() {
      return false;
    }
  }
}
