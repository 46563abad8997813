package dev.leasehold.cli;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.PinnedAnchors;
import dev.leasehold.custodian.Custodian;
import dev.leasehold.custodian.CustodianConfig;
import dev.leasehold.custodian.CustodianPublic;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code leasehold custodian}: the model owner's server. */
@Command(
    name = "custodian",
    description = "The model owner's server: appraises, grants, counts and revokes.",
    subcommands = {
      CustodianCommand.Init.class,
      CustodianCommand.Run.class,
      CustodianCommand.Token.class
    })
public final class CustodianCommand {

  @Command(
      name = "init",
      description = {
        "Makes the server's keys and its empty ledger in a new folder.",
        "The set of approvers is fixed from here on."
      })
  static final class Init implements Callable<Integer> {
    @Option(names = "--dir", required = true, description = "the folder to make")
    private Path dir;

    @Mixin private ApproverOptions approvers;

    @Mixin private DatabaseOptions database;

    @Option(
        names = "--host",
        defaultValue = "localhost",
        description = "names for its certificate; repeatable")
    private List<String> hosts;

    @Override
    public Integer call() throws CliFailure {
      List<KeyRecord> keys = approvers.keys();
      try {
        CustodianPublic made =
            Custodian.init(
                dir,
                database.of(dir),
                keys,
                approvers.threshold(),
                hosts.getFirst() + "/log",
                hosts);
        Console console = Console.standard();
        console.fact("grant key", made.grantKey().keyid());
        console.fact("approver set", made.approverSet());
        console.fact("certificate", made.tlsCertificate() + "  (--pin)");
        console.fact("public file", dir.resolve(CustodianPublic.FILE));
        return 0;
      } catch (IOException | Malformed e) {
        throw new CliFailure("Cannot make a custodian in " + dir + ": " + e.getMessage());
      }
    }
  }

  @Command(name = "run", description = "Runs the server until it is stopped.")
  static final class Run implements Callable<Integer> {
    @Option(names = "--dir", required = true, description = "the folder that 'init' made")
    private Path dir;

    @Option(names = "--listen", defaultValue = "127.0.0.1:8443", description = "host:port")
    private HostPort listen;

    @Mixin private DatabaseOptions database;

    @Option(
        names = "--anchor",
        description = "the anchor, once it was moved to a volume of its own (default: DIR/anchor)")
    private @Nullable Path anchor;

    @Mixin private CollateralOptions collateral;

    @Override
    public Integer call() throws CliFailure, InterruptedException {
      requireCustodian(dir);
      CustodianConfig config =
          CustodianConfig.of(dir, listen.host(), listen.port())
              .with(database.of(dir))
              .with(collateral.of(dir));
      return serve(anchor == null ? config : config.withAnchor(anchor), PinnedAnchors.ANCHORS, "");
    }
  }

  @Command(name = "token", description = "Makes a token for the read-only views, valid 12 hours.")
  static final class Token implements Callable<Integer> {
    @Option(names = "--dir", required = true, description = "the custodian's folder")
    private Path dir;

    @Option(names = "--out", required = true, description = "where the token goes")
    private Path out;

    @Mixin private DatabaseOptions database;

    @Override
    public Integer call() throws CliFailure {
      requireCustodian(dir);
      try {
        LocalFiles.writeSecret(out, Custodian.operatorToken(database.of(dir)) + "\n");
      } catch (IOException e) {
        throw new CliFailure("Cannot make a token: " + e.getMessage());
      }
      Console.standard().fact("token", out + "  (mode 0600)");
      return 0;
    }
  }

  /**
   * Runs a custodian that asks no vendor until it is stopped.
   *
   * @param anchors the only hardware roots it believes
   * @param shout what to say beside its address, such as that it believes a simulation
   */
  public static int serve(Path dir, HostPort listen, Anchors anchors, String shout)
      throws CliFailure, InterruptedException {
    requireCustodian(dir);
    return serve(CustodianConfig.of(dir, listen.host(), listen.port()), anchors, shout);
  }

  private static int serve(CustodianConfig config, Anchors anchors, String shout)
      throws CliFailure, InterruptedException {
    try (Custodian custodian = Custodian.start(config, anchors, Clock.systemUTC())) {
      Console console = Console.standard();
      console.fact("certificate", custodian.certificateSha256());
      console.line("custodian listening on " + custodian.uri() + shout);
      Servers.untilStopped();
      return 0;
    } catch (BindException e) {
      throw Servers.portTaken(e);
    } catch (IOException | Malformed e) {
      throw new CliFailure("The custodian cannot run: " + e.getMessage());
    }
  }

  static void requireCustodian(Path dir) throws CliFailure {
    if (!Files.isRegularFile(dir.resolve(CustodianPublic.FILE))) {
      throw new CliFailure(
          "No custodian in " + dir,
          "a folder made by 'leasehold custodian init'",
          Files.exists(dir) ? "another folder" : "no such folder",
          "run 'leasehold custodian init --dir " + dir + " --approver KEY.pub'");
    }
  }
}
