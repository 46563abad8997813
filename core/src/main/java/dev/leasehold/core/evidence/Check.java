package dev.leasehold.core.evidence;

import java.util.Optional;

/**
 * One thing that was looked at, passed or not (protocol §6.2; an appraisal lists them all).
 *
 * @param claim stable lower-case name of what was checked
 * @param source the section of the specification that demands it
 * @param remedy what to do when it failed; empty when it passed
 */
public record Check(
    String claim, String expected, String got, boolean ok, String source, String remedy) {
  /** Names in unverified certificates can be long; a statement's field may have 1000 bytes. */
  private static final int SHOWN = 240;

  public Check {
    expected = clip(expected);
    got = clip(got);
  }

  public static Check passed(String claim, String expected, String got, String source) {
    return new Check(claim, expected, got, true, source, "");
  }

  public static Check failed(
      String claim, String expected, String got, String source, String remedy) {
    return new Check(claim, expected, got, false, source, remedy);
  }

  public static Check of(
      boolean ok, String claim, String expected, String got, String source, String remedy) {
    return new Check(claim, expected, got, ok, source, ok ? "" : remedy);
  }

  /** The refusal this check is, when it failed. */
  public Optional<Refusal> refusal() {
    return ok ? Optional.empty() : Optional.of(new Refusal(claim, expected, got, source, remedy));
  }

  private static String clip(String s) {
    return s.codePointCount(0, s.length()) <= SHOWN
        ? s
        : s.substring(0, s.offsetByCodePoints(0, SHOWN)) + "…";
  }
}
