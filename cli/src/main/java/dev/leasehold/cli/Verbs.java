package dev.leasehold.cli;

import picocli.CommandLine;

/** Running verbs from within this program, exactly as from a shell. */
public final class Verbs {
  private Verbs() {}

  /** Runs one verb and returns its exit code. */
  public static int run(String... args) {
    return commandLine().execute(args);
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Leasehold());
    helpEverywhere(line);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    OptionValues.registerAll(line);
    line.setExecutionExceptionHandler((e, command, parsed) -> {
      if (e instanceof CliFailure) {
        command.getErr().println("leasehold: " + Printable.safe(String.valueOf(e.getMessage())));
        return command.getCommandSpec().exitCodeOnExecutionException();
      }
      throw e;
    });
    return line;
  }

  /** Every verb answers to --help. */
  private static void helpEverywhere(CommandLine line) {
    line.getCommandSpec().mixinStandardHelpOptions(true);
    line.getSubcommands().values().forEach(Verbs::helpEverywhere);
  }
}
