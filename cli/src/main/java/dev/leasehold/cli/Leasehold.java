package dev.leasehold.cli;

import dev.leasehold.cli.demo.DemoCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code leasehold} command. It does nothing without a verb; each verb is a subcommand. */
@Command(
    name = "leasehold",
    description = "Lease an AI model to somebody who is not trusted with its weights.",
    versionProvider = Leasehold.Version.class,
    subcommands = {
      DemoCommand.class,
      KeyCommand.class,
      CustodianCommand.class,
      CollateralCommand.class,
      DraftCommand.class,
      ApproveCommand.class,
      RegisterCommand.class,
      SealCommand.class,
      EnclaveCommand.class,
      RelayCommand.class,
      ProxyCommand.class,
      ShowCommand.class,
      ProofCommand.class,
      AuditCommand.class,
      VerifyCommand.class,
      PolicyCommand.class,
      StopCommand.Revoke.class,
      StopCommand.Suspend.class,
      OrderCommand.Resume.class,
      StopCommand.Drain.class,
      OrderCommand.Recall.class,
      StopCommand.Quarantine.class,
      OrderCommand.WriteOff.class
    })
public final class Leasehold implements Runnable {
  @Spec private CommandSpec spec;

  /** Runs one verb; the exit code is the verb's, 2 where the command line itself is wrong. */
  public static void main(String[] args) {
    Servers.exit(Verbs.run(args));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Name a verb.");
  }

  /** The version in this jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Leasehold.class.getPackage().getImplementationVersion();
      return new String[] {"leasehold " + (version == null ? "(not from a jar)" : version)};
    }
  }
}
