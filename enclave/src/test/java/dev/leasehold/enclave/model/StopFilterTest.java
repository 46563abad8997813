package dev.leasehold.enclave.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StopFilterTest {
  @Test
  void holdsBackOnlyWhatMayBecomeAStopString() {
    StopFilter filter = new StopFilter(List.of("END", "\n\n"));
    assertThat(filter.push("the E")).isEqualTo("the ");
    assertThat(filter.push("N")).isEmpty();
    assertThat(filter.push("T ")).isEqualTo("ENT ");
    assertThat(filter.push("\n")).isEmpty();
    assertThat(filter.flush()).isEqualTo("\n");
    assertThat(filter.stopped()).isFalse();
  }

  @Test
  void stopsBeforeTheFirstStopStringAcrossPieces() {
    StopFilter filter = new StopFilter(List.of("END", "b"));
    assertThat(filter.push("a E")).isEqualTo("a ");
    assertThat(filter.push("ND b")).isEmpty();
    assertThat(filter.stopped()).isTrue();
    assertThat(filter.push("more")).isEmpty();
    assertThat(filter.flush()).isEmpty();
  }

  @Test
  void withoutStopStringsNothingIsHeld() {
    assertThat(new StopFilter(List.of()).push("text")).isEqualTo("text");
  }
}
