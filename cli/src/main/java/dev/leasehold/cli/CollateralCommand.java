package dev.leasehold.cli;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.pki.PinnedAnchors;
import dev.leasehold.custodian.collateral.BundleRefused;
import dev.leasehold.custodian.collateral.CollateralConfig;
import dev.leasehold.custodian.collateral.Holding;
import dev.leasehold.custodian.collateral.Library;
import dev.leasehold.custodian.collateral.Supply;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code leasehold collateral}: what vendors signed, carried to custodians that ask nobody. */
@Command(
    name = "collateral",
    description =
        "What vendors signed: shows, fetches, exports and imports what a custodian holds.",
    subcommands = {
      CollateralCommand.Show.class,
      CollateralCommand.Fetch.class,
      CollateralCommand.Export.class,
      CollateralCommand.Import.class
    })
final class CollateralCommand {
  private static final int NEARLY_OVER_DAYS = 7;

  /** A verb on the collateral of one custodian, running or not. */
  abstract static class Verb implements Callable<Integer> {
    @Option(names = "--dir", required = true, description = "the custodian's folder")
    private Path dir;

    /** Unless a verb says otherwise, no vendor is asked. */
    CollateralConfig config(Path custodian) throws CliFailure {
      return CollateralConfig.offline(custodian);
    }

    abstract void run(Library library, Console console)
        throws IOException, Malformed, BundleRefused, CliFailure;

    @Override
    public Integer call() throws CliFailure {
      CustodianCommand.requireCustodian(dir);
      CollateralConfig config = config(dir);
      Clock clock = Clock.systemUTC();
      try (Library library = Library.open(config, PinnedAnchors.ANCHORS, clock)) {
        run(library, Console.standard());
        return 0;
      } catch (BundleRefused e) {
        throw new CliFailure(
            "The bundle is refused; nothing of it was taken in",
            "every item proven up to a pinned root, and current",
            String.join("\n            ", e.reasons()),
            "export it again from a custodian that fetches");
      } catch (Malformed m) {
        throw CliFailure.of("Cannot use collateral", m, "use a file as it was written");
      } catch (IOException e) {
        throw new CliFailure("Cannot read or write collateral: " + e.getMessage());
      }
    }
  }

  @Command(name = "show", description = "Lists what is held, and for how many days it serves.")
  static final class Show extends Verb {
    @Override
    void run(Library library, Console console) {
      List<Holding> holdings = library.holdings();
      if (holdings.isEmpty()) {
        console.line("nothing is held");
      }
      Instant now = Instant.now();
      for (Holding h : holdings) {
        console.line(left(console, h, now) + "  " + h.name() + origin(h));
      }
    }

    private static String left(Console console, Holding h, Instant now) {
      if (h.expiresAt().isEmpty()) {
        return console.red(String.format("%11s", "unusable"));
      }
      long days = Duration.between(now, h.expiresAt().get()).toDays();
      String text = String.format("%6d days", days);
      return days < NEARLY_OVER_DAYS ? console.yellow(text) : text;
    }

    private static String origin(Holding h) {
      return h.given()
          ? "  (file)"
          : h.fetchedAt()
              .map(t -> "  (issued " + h.edition() + ", said again " + t + ")")
              .orElse("");
    }
  }

  @Command(
      name = "fetch",
      description = {
        "Asks vendors for what judging a piece of evidence takes, and keeps what is proven.",
        "For what a custodian will need where no vendor is reached: then export it."
      })
  static final class Fetch extends Verb {
    @Mixin private EvidenceInput evidence;
    @Mixin private CollateralOptions options;

    @Override
    CollateralConfig config(Path custodian) throws CliFailure {
      return options.of(custodian);
    }

    @Override
    void run(Library library, Console console) throws Malformed, CliFailure {
      Supply supply = library.supply(evidence.read());
      if (!supply.awaited().isEmpty()) {
        throw new CliFailure(
            "Not everything was to be had",
            "an answer to each question",
            String.join("\n            ", supply.awaited()),
            "try again later; what was had is kept");
      }
      console.line("all that this evidence takes and its vendor knows is held");
    }
  }

  @Command(name = "export", description = "Writes what is held and current into one file.")
  static final class Export extends Verb {
    @Parameters(paramLabel = "FILE", description = "the bundle to write (zip)")
    private Path file;

    @Override
    void run(Library library, Console console) throws IOException {
      List<String> names = library.exportTo(file);
      names.forEach(n -> console.fact("exported", n));
      console.line(names.size() + " items in " + file);
    }
  }

  @Command(
      name = "import",
      description = {
        "Takes in a bundle: every item is proven again up to the pinned roots.",
        "If one is not, nothing is taken in. What is older than what is held is passed over."
      })
  static final class Import extends Verb {
    @Parameters(paramLabel = "FILE", description = "the bundle that 'export' wrote")
    private Path file;

    @Override
    void run(Library library, Console console) throws IOException, Malformed, BundleRefused {
      List<String> names = library.importFrom(file);
      names.forEach(n -> console.fact("imported", n));
      console.line(names.size() + " items taken in; a running custodian uses them from now on");
    }
  }
}
