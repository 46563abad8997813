package dev.leasehold.core.seal;

/** Something sealed did not open. One error without detail (protocol §5): why is for nobody. */
public final class OpenFailed extends Exception {
  private static final long serialVersionUID = 1L;

  public OpenFailed() {
    super("sealed data did not open", null, false, false);
  }
}
