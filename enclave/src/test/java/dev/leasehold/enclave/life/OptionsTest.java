package dev.leasehold.enclave.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.leasehold.core.bytes.Malformed;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OptionsTest {

  @Tag("D9")
  @Test
  void onlyTheRelayMustBeNamed() throws Exception {
    Options options = Options.parse(List.of("--relay", "http://127.0.0.1:8441"));
    assertThat(options.listen().getPort()).isZero();
    assertThat(options.listen().getAddress().isLoopbackAddress()).isTrue();
    assertThat(options.config()).isEqualTo(Path.of("enclave-config.json"));
    assertThat(options.tsm()).isEqualTo(Path.of("/sys/kernel/config/tsm/report/leasehold"));
    assertThat(options.threads()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--relay https://127.0.0.1:1",
        "--relay http://127.0.0.1",
        "--relay http://%",
        "--relay",
        "--relay http://127.0.0.1:1 --relay http://127.0.0.1:2",
        "--relay http://127.0.0.1:1 --listen 0.0.0.0:1",
        "--relay http://127.0.0.1:1 --listen 127.0.0.1:65536",
        "--relay http://127.0.0.1:1 --threads 0",
        "--relay http://127.0.0.1:1 --threads many",
        "--relay http://127.0.0.1:1 --anchors /tmp/anchors",
        "--listen 127.0.0.1:1"
      })
  void anythingElseIsRefusedByName(String line) {
    assertThatExceptionOfType(Malformed.class)
        .isThrownBy(() -> Options.parse(List.of(line.split(" ", -1))))
        .withMessageContaining("expected");
  }
}
