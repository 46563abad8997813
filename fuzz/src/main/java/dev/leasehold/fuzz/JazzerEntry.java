package dev.leasehold.fuzz;

/** Where Jazzer enters; its target argument names the target. */
public final class JazzerEntry {
  private static Target target = Targets.ALL.getFirst();

  private JazzerEntry() {}

  public static void fuzzerInitialize(String[] args) {
    target =
        Targets.named(args[0])
            .orElseThrow(() -> new IllegalArgumentException("no target " + args[0]));
    target.attempt(new byte[0]); // loading classes is not the first input's fault
  }

  public static void fuzzerTestOneInput(byte[] input) {
    target.attempt(input);
  }
}
