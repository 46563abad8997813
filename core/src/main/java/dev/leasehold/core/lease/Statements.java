package dev.leasehold.core.lease;

import dev.leasehold.core.dsse.Kind;

/** Every kind of signed statement there is (protocol §6). */
public final class Statements {
  private static final int LARGE = 32_768;
  private static final int PADDED = 1_024;

  public static final Kind<Roster> ROSTER = Kind.of("roster", Roster.class, LARGE);
  public static final Kind<Measurements> MEASUREMENTS = Kind.of("measurements", Measurements.class);
  public static final Kind<Borrower> BORROWER = Kind.of("borrower", Borrower.class);
  public static final Kind<ModelPackage> PACKAGE = Kind.of("package", ModelPackage.class);
  public static final Kind<Lease> LEASE = Kind.of("lease", Lease.class);
  public static final Kind<Hello> HELLO = Kind.of("hello", Hello.class);
  public static final Kind<Challenge> CHALLENGE = Kind.of("challenge", Challenge.class);
  public static final Kind<EvidenceStatement> EVIDENCE =
      Kind.of("evidence", EvidenceStatement.class);
  public static final Kind<AppraisalStatement> APPRAISAL =
      Kind.of("appraisal", AppraisalStatement.class, LARGE);
  public static final Kind<Grant> GRANT = Kind.of("grant", Grant.class);
  public static final Kind<KeyRelease> KEY_RELEASE = Kind.of("keyrelease", KeyRelease.class);
  public static final Kind<Heartbeat> HEARTBEAT = Kind.padded("heartbeat", Heartbeat.class, PADDED);
  public static final Kind<Order> ORDER = Kind.of("order", Order.class);
  public static final Kind<Command> COMMAND = Kind.of("command", Command.class);
  public static final Kind<Final> FINAL = Kind.padded("final", Final.class, PADDED);
  public static final Kind<Closure> CLOSURE = Kind.of("closure", Closure.class);
  public static final Kind<Staple> STAPLE = Kind.of("staple", Staple.class);
  public static final Kind<Problem> PROBLEM = Kind.of("problem", Problem.class);
  public static final Kind<Incident> INCIDENT = Kind.of("incident", Incident.class, LARGE);
  public static final Kind<KeyConfig> KEY_CONFIG = Kind.of("keyconfig", KeyConfig.class);
  public static final Kind<Receipt> RECEIPT = Kind.of("receipt", Receipt.class);

  private Statements() {}
}
