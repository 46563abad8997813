package dev.leasehold.core.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The checks of one verification, taken in order; nothing is asked after the first that failed. */
public final class Steps {
  private final List<Check> taken = new ArrayList<>();

  /** Records a check; true when it passed. */
  public boolean take(Check check) {
    taken.add(check);
    return check.ok();
  }

  /** Takes each step until one fails; true when all passed. */
  public boolean takeAll(List<Supplier<Check>> steps) {
    return steps.stream().allMatch(s -> take(s.get()));
  }

  public List<Check> taken() {
    return List.copyOf(taken);
  }

  /** The verdict when the last check taken has failed. */
  public Verdict.Refused refused() {
    Refusal refusal =
        Optional.ofNullable(taken.isEmpty() ? null : taken.getLast())
            .flatMap(Check::refusal)
            .orElseThrow(() -> new IllegalStateException("no check has failed"));
    return new Verdict.Refused(refusal, taken);
  }
}
