package dev.leasehold.consumer.trust;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;

/** A check of the proxy did not pass. The client sees it as {@code leasehold_<check>}. */
public final class CheckFailed extends Exception {
  private static final long serialVersionUID = 1L;

  private final String check;

  /**
   * A failed check in words a person can act on.
   *
   * @param check stable name, for example {@code staple} or {@code evidence:measurement}
   * @param remedy what to do, as an imperative
   */
  public CheckFailed(String check, String expected, String found, String remedy) {
    super(check + ": expected " + expected + ", found " + found + "; remedy: " + remedy);
    this.check = check;
  }

  public String check() {
    return check;
  }

  /** Something that is parsed and whose signatures are verified. */
  @FunctionalInterface
  public interface Opening<T> {
    T open() throws Malformed, BadSignature;
  }

  /** What was opened, or the failure of this check. */
  public static <T> T opening(String check, String remedy, Opening<T> opening) throws CheckFailed {
    try {
      return opening.open();
    } catch (Malformed e) {
      throw new CheckFailed(check, e.field() + ": " + e.expected(), e.found(), remedy);
    } catch (BadSignature e) {
      throw new CheckFailed(
          check, "signatures as the roster demands", String.valueOf(e.getMessage()), remedy);
    }
  }

  /** Fails unless both values are the same. */
  public static void requireSame(
      String check, String field, Object expected, Object found, String remedy) throws CheckFailed {
    require(expected.equals(found), check, field + " " + expected, found, remedy);
  }

  /** Fails unless the condition holds. */
  public static void require(
      boolean holds, String check, String expected, Object found, String remedy)
      throws CheckFailed {
    if (!holds) {
      throw new CheckFailed(check, expected, String.valueOf(found), remedy);
    }
  }
}
