package dev.leasehold.custodian.collateral;

/**
 * Which of several valid judgements is asked for: {@code early} comes with a recovery event, {@code
 * standard} about a year after it, and a number is that {@code tcbEvaluationDataNumber} and no
 * other.
 */
public record IntelUpdate(String word) {
  public static final IntelUpdate STANDARD = new IntelUpdate("standard");

  public IntelUpdate {
    if (!word.matches("early|standard|[1-9][0-9]{0,8}")) {
      throw new IllegalArgumentException(
          "Intel update: expected early, standard or a number, found " + word);
    }
  }

  /** True when {@code evaluation} is what was asked for. */
  boolean admits(long evaluation) {
    return !isNumber() || Long.parseLong(word) == evaluation;
  }

  String query() {
    return isNumber() ? "tcbEvaluationDataNumber=" + word : "update=" + word;
  }

  @Override
  public String toString() {
    return word;
  }

  private boolean isNumber() {
    return Character.isDigit(word.charAt(0));
  }
}
