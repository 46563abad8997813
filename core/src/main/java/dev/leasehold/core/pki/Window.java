package dev.leasehold.core.pki;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * When a signed thing holds, by its own word. Everything that expires says so as one of these.
 *
 * @param what names the thing for people: a certificate's subject, {@code TCB info 00806f050000}
 * @param notBefore first instant at which it holds
 * @param notAfter last instant at which it holds
 */
public record Window(String what, Instant notBefore, Instant notAfter) {
  public static Window of(X509Certificate c) {
    return new Window(
        Certificates.name(c), c.getNotBefore().toInstant(), c.getNotAfter().toInstant());
  }

  public boolean contains(Instant t) {
    return !t.isBefore(notBefore) && !t.isAfter(notAfter);
  }

  /** The instant from which all of them hold. */
  public static Optional<Instant> opens(List<Window> windows) {
    return windows.stream().map(Window::notBefore).max(Comparator.naturalOrder());
  }

  /** The last instant at which all of them hold. */
  public static Optional<Instant> closes(List<Window> windows) {
    return windows.stream().map(Window::notAfter).min(Comparator.naturalOrder());
  }
}
