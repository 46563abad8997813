package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class LeaseholdTest {
  private final StringWriter err = new StringWriter();
  private final CommandLine command = Verbs.commandLine().setErr(new PrintWriter(err));

  @Test
  void withoutAVerbShowsTheUsageAndFails() {
    assertThat(command.execute()).isEqualTo(2);
    assertThat(err.toString()).contains("Name a verb.", "Usage: leasehold");
  }

  @Test
  void anUnknownVerbIsNamed() {
    assertThat(command.execute("nosuch")).isEqualTo(2);
    assertThat(err.toString()).contains("'nosuch'");
  }
}
