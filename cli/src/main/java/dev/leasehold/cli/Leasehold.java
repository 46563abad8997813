package dev.leasehold.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code leasehold} command. It does nothing without a verb; each verb is a subcommand. */
@Command(
    name = "leasehold",
    description = "Lease an AI model to somebody who is not trusted with its weights.",
    mixinStandardHelpOptions = true,
    versionProvider = Leasehold.Version.class)
public final class Leasehold implements Runnable {
  @Spec private CommandSpec spec;

  /** Runs one verb; the exit code is the verb's, 2 where the command line itself is wrong. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Leasehold());
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
