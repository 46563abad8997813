package dev.leasehold.custodian;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * How long after a revoke is committed text still reaches consumers, with many enclaves of one
 * lease connected and streams running on each: custodian process, relays, lease loops, guards,
 * sealed frames and consumers are the real ones, the engines are scripted. Beside it what merely
 * pushing one message to as many waiting connections takes on the same machine.
 */
final class OffSwitchBench {
  private static final double GOAL_MS = 300;
  private static final double GOAL_SHARE = 0.99;
  private static final int WARMING = 3;

  private final Setting setting;
  private final int enclaves;

  private OffSwitchBench(Setting setting, int enclaves) {
    this.setting = setting;
    this.enclaves = enclaves;
  }

  /** Arguments: an empty folder, enclaves, streams each, presses, words a second of each stream. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    try (World world = new World(folder).lend()) {
      world.stop();
      Process custodian = world.startChild("-Xmx1g");
      try {
        Path borrower = Files.createDirectory(folder.resolve("borrower"));
        Tenant.prepare(world, borrower);
        Setting setting =
            new Setting(
                world,
                new Consumption(custodian, Engine.SQLITE),
                borrower,
                Integer.parseInt(args[2]),
                Integer.parseInt(args[4]));
        new OffSwitchBench(setting, Integer.parseInt(args[1])).run(Integer.parseInt(args[3]));
      } finally {
        custodian.destroy();
        custodian.waitFor();
      }
    }
  }

  private void run(int presses) throws Exception {
    System.out.printf(
        "%,d enclaves of one lease, a relay each, %d streams on each, %d words a second of each"
            + " stream; scripted engines; all of them, their consumers and the custodian share %d"
            + " cores%n",
        enclaves,
        setting.streams(),
        setting.perSecond(),
        Runtime.getRuntime().availableProcessors());
    for (int i = 1; i <= WARMING; i++) {
      // Until the compilers of both processes have seen it: they would take the cores themselves.
      Press.Result cold = new Press(setting, "warm-up " + i, enclaves).run();
      System.out.printf("warm-up %d, not counted: silent %s%n", i, cold.silent());
    }
    List<Spread> all = new ArrayList<>();
    for (int i = 1; i <= presses; i++) {
      Press.Result press = new Press(setting, "press " + i, enclaves).run();
      all.add(press.silent());
      System.out.printf(
          "press %-3d silent %s (guards closed p99 %.1f ms, last words p99 %.1f ms)%n"
              + "         the order was sent %.1f ms before; until the last guard closed CPU of"
              + " custodian %.0f ms, of all others %.0f ms; all were proven ceased %.1f s after%n",
          i,
          press.silent(),
          press.guards().millis(GOAL_SHARE),
          press.words().millis(GOAL_SHARE),
          press.sent() / 1e6,
          press.spent().custodian() * 1e3,
          press.spent().load() * 1e3,
          press.proof() / 1e9);
      bare(press);
    }
    Spread together = Spread.of(all.stream().flatMapToLong(s -> LongStream.of(s.nanos())));
    double median =
        Spread.of(all.stream().mapToLong(s -> Math.round(1e6 * s.millis(GOAL_SHARE)))).millis(0.5);
    System.out.printf(
        "all      %,d streams: %s%n"
            + "median   of the presses' p99: %.1f ms; goal %.0f %% within %.0f ms: %s%n",
        together.count(),
        together,
        median,
        100 * GOAL_SHARE,
        GOAL_MS,
        median <= GOAL_MS ? "reached" : "MISSED");
  }

  private void bare(Press.Result press) throws Exception {
    try (BarePush bare = new BarePush(enclaves)) {
      bare.push(press.commandBytes());
      Spread push = bare.push(press.commandBytes());
      System.out.printf(
          "         bare: %,d bytes to %,d waiting connections %s; a round trip %s;"
              + " silence p99 is %.1f such pushes%n",
          press.commandBytes(),
          enclaves,
          push,
          bare.roundTrips(),
          press.silent().millis(GOAL_SHARE) / push.millis(GOAL_SHARE));
    }
  }
}
