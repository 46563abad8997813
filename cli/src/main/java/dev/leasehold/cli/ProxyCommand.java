package dev.leasehold.cli;

import dev.leasehold.consumer.Proxy;
import dev.leasehold.consumer.ProxyConfig;
import dev.leasehold.consumer.trust.TrustFile;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.PinnedAnchors;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code leasehold proxy}: the consumer's own verifier, with an OpenAI-compatible front. */
@Command(
    name = "proxy",
    description = "Checks who answers before a prompt leaves, and serves an OpenAI-compatible API.",
    subcommands = {ProxyCommand.Trust.class, ProxyCommand.Run.class})
public final class ProxyCommand {

  @Command(
      name = "trust",
      description = {
        "Writes whom a consumer trusts: the approvers, and which lease or borrower.",
        "Everything else is checked against signatures by these approvers."
      })
  static final class Trust implements Callable<Integer> {
    @Mixin private ApproverOptions approvers;

    @Option(names = "--lease", description = "only this lease")
    private @Nullable String lease;

    @Option(names = "--borrower", description = "only this borrower")
    private @Nullable String borrower;

    @Option(names = "--model-digest", description = "only this model")
    private @Nullable String digest;

    @Option(names = "--out", required = true, description = "where the trust file goes")
    private Path out;

    @Override
    public Integer call() throws CliFailure {
      List<KeyRecord> keys = approvers.keys();
      try {
        new TrustFile(
                Roster.approverSet(approvers.threshold(), keys),
                given(lease, Id::new),
                given(borrower, Id::new),
                Optional.empty(),
                given(digest, Hash::new))
            .write(out);
        Console.standard().fact("trust file", out);
        return 0;
      } catch (IllegalArgumentException e) {
        throw new CliFailure("Cannot write a trust file: " + e.getMessage());
      } catch (IOException e) {
        throw new CliFailure("Cannot write " + out + ": " + e.getMessage());
      }
    }

    private static <T> Optional<T> given(@Nullable String text, Function<String, T> parse) {
      return Optional.ofNullable(text).map(parse);
    }
  }

  @Command(name = "run", description = "Runs the proxy until it is stopped.")
  static final class Run implements Callable<Integer> {
    @Option(names = "--trust", required = true, description = "made by 'proxy trust'")
    private Path trust;

    @Option(names = "--relay", required = true, description = "the relay's outer address")
    private URI relay;

    @Option(names = "--listen", defaultValue = "127.0.0.1:8780", description = "host:port")
    private HostPort listen;

    @Option(names = "--receipts", required = true, description = "folder to keep receipts in")
    private Path receipts;

    @Option(
        names = "--collateral",
        required = true,
        description = "folder with the vendor's revocation lists (*.crl, DER)")
    private Path collateral;

    @Override
    public Integer call() throws CliFailure, InterruptedException {
      return serve(trust, relay, listen, receipts, collateral, PinnedAnchors.ANCHORS, "");
    }
  }

  /**
   * Runs a proxy until it is stopped.
   *
   * @param anchors the only hardware roots it believes
   * @param shout what to say beside its address, such as that it believes a simulation
   */
  public static int serve(
      Path trust,
      URI relay,
      HostPort listen,
      Path receipts,
      Path collateral,
      Anchors anchors,
      String shout)
      throws CliFailure, InterruptedException {
    try {
      ProxyConfig config =
          new ProxyConfig(
              TrustFile.read(trust),
              relay,
              new InetSocketAddress(listen.host(), listen.port()),
              receipts,
              collateral);
      try (Proxy proxy = Proxy.start(config, anchors)) {
        Console.standard().line("proxy listening on " + proxy.uri() + "/v1" + shout);
        Servers.untilStopped();
        return 0;
      }
    } catch (IllegalArgumentException e) {
      throw new CliFailure("The proxy cannot run: " + e.getMessage());
    } catch (BindException e) {
      throw Servers.portTaken(e);
    } catch (Malformed m) {
      throw CliFailure.of("Cannot use " + trust, m, "write it anew with 'leasehold proxy trust'");
    } catch (IOException e) {
      throw new CliFailure("The proxy cannot run: " + e.getMessage());
    }
  }
}
