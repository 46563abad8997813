package dev.leasehold.fuzz;

/** Where Jazzer enters; its target argument names the target. */
public final class JazzerEntry {
  private static Target target = Targets.ALL.getFirst();

  private JazzerEntry() {}

  public static void fuzzerInitialize(String[] args) throws Exception {
    target =
        Targets.named(args[0])
            .orElseThrow(() -> new IllegalArgumentException("no target " + args[0]));
    // Loading classes, and minting what a target forges, is not the first input's fault.
    target.seeds().make().forEach(target::attempt);
  }

  public static void fuzzerTestOneInput(byte[] input) {
    target.attempt(input);
  }
}
