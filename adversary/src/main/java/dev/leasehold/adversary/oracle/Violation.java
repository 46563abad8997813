package dev.leasehold.adversary.oracle;

/** Something that must never be. The name is that of the rule. */
public final class Violation extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private final String rule;

  public Violation(String rule, String detail) {
    super(rule + ": " + detail);
    this.rule = rule;
  }

  public Violation(String rule, RuntimeException cause) {
    super(rule + ": " + cause.getMessage(), cause);
    this.rule = rule;
  }

  public String rule() {
    return rule;
  }

  /** Fails with this rule unless it holds. */
  public static void require(boolean holds, String rule, String detail) {
    if (!holds) {
      throw new Violation(rule, detail);
    }
  }
}
