package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Malformed;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A database on a PostgreSQL server, as one of its users.
 *
 * @param place {@code host:port/database?parameters}, as the driver takes it
 * @param time for tests, what to use in place of the server's clock
 */
public record PostgresServer(
    String user, String place, String password, Optional<InstantSource> time)
    implements LedgerDatabase {
  private static final String FORM = "postgresql://user@host:port/database?parameters";
  private static final Pattern URL =
      Pattern.compile("postgresql://(?<user>[^@/?:]+)@(?<place>[^@/?]+/[^/?]+(\\?.*)?)");

  /**
   * Reads a URL such as {@code postgresql://leasehold@db.example/ledger?sslmode=verify-full}; of
   * several hosts, separated by commas, the one that takes writes is used.
   *
   * @throws Malformed for another form, and for a password in it: command lines are not secret
   */
  public static PostgresServer parse(String url, String password) throws Malformed {
    boolean secret =
        url.matches("[a-z]+://[^@/?]*:[^@/?]*@.*")
            || url.toLowerCase(Locale.ROOT).contains("password=");
    if (secret) {
      throw new Malformed("database", FORM + " without a password", "one with a password");
    }
    Matcher m = URL.matcher(url);
    if (!m.matches()) {
      throw new Malformed("database", FORM, url);
    }
    return new PostgresServer(m.group("user"), m.group("place"), password, Optional.empty());
  }

  /** The same database with another clock: tests decide when time passes. */
  public PostgresServer timedBy(InstantSource clock) {
    return new PostgresServer(user, place, password, Optional.of(clock));
  }

  @Override
  public String toString() {
    return "postgresql://" + user + "@" + place;
  }
}
