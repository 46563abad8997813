package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.audit.Party;
import dev.leasehold.core.audit.Rule;
import java.nio.file.Files;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The published rules are those that are applied. */
class AuditSpecTest {
  @Test
  void everyRuleStandsInTheSpecificationInTheSameWords() throws Exception {
    String spec = Files.readString(Repository.root().resolve("docs/spec/audit-bundle.md"));
    for (Rule r : Rule.values()) {
      String against =
          r.against() == Party.NOBODY ? "–" : r.against().name().toLowerCase(Locale.ROOT);
      assertThat(spec)
          .contains(
              "| `" + r.code() + "` | " + r.section() + " | " + against + " | " + r.holds() + " |");
    }
  }
}
