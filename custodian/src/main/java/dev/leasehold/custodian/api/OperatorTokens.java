package dev.leasehold.custodian.api;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hex;
import dev.leasehold.custodian.problem.ProblemType;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.store.Store;
import dev.leasehold.custodian.store.Tx;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;

/** Bearer tokens for the read-only views; only their hashes are kept (protocol §7.1). */
public final class OperatorTokens {
  private static final int BYTES = 32;
  private static final long VALID_MS = Duration.ofHours(12).toMillis();
  private static final String PREFIX = "operator_token:";

  private OperatorTokens() {}

  /** A new token; it is shown once and not stored. */
  public static String issue(Tx tx, SecureRandom random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String token = Hex.encode(bytes);
    tx.meta().put(key(token), Long.toString(tx.now() + VALID_MS));
    return token;
  }

  static void require(Store store, Call call) throws Rejected {
    boolean valid = call.bearer().filter(token -> store.read(tx -> isValid(tx, token))).isPresent();
    if (!valid) {
      throw new Rejected(
          ProblemType.UNAUTHORIZED,
          "expected a bearer token of 'leasehold operator token', not older than 12 hours");
    }
  }

  private static boolean isValid(Tx tx, String token) {
    return tx.meta().find(key(token)).filter(end -> tx.now() < Long.parseLong(end)).isPresent();
  }

  private static String key(String token) {
    return PREFIX + Digests.sha256(token.getBytes(StandardCharsets.UTF_8)).hex();
  }
}
