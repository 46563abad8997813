package dev.leasehold.borrower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.lease.Tee;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RelayConfigTest {
  private static final String GOOD =
      """
      {"custodian":"https://custodian.example:8443","certificate":"%s","leaseId":"%s",
      "tee":"sev-snp","borrowerKey":"bk.pem","state":"state","modelPackage":"/srv/package",
      "inner":"127.0.0.1:8701","outer":"0.0.0.0:8702","console":"127.0.0.1:0","enclave":""}
      """
          .formatted("ab".repeat(32), "3f".repeat(16));

  @TempDir Path folder;

  @Test
  void pathsAreRelativeToTheFileAndTheEnclaveMayComeLater() throws Exception {
    RelayConfig c = load(GOOD);
    assertThat(c.borrowerKey()).isEqualTo(folder.resolve("bk.pem"));
    assertThat(c.modelPackage()).isEqualTo(Path.of("/srv/package"));
    assertThat(c.tee()).isEqualTo(Tee.SEV_SNP);
    assertThat(c.outer().getPort()).isEqualTo(8702);
    assertThat(c.enclave()).isEmpty();
  }

  @Test
  void everyKeyMustBeThereAndNoOther() {
    for (String key :
        List.of(
            "custodian",
            "certificate",
            "leaseId",
            "tee",
            "borrowerKey",
            "state",
            "modelPackage",
            "inner",
            "outer",
            "console",
            "enclave")) {
      refused(GOOD.replace("\"" + key + "\"", "\"" + key + "s\""), key);
    }
  }

  @Test
  void whatWouldBeUnsafeIsRefusedWithTheReason() {
    refused(GOOD.replace("https://", "http://"), "https");
    refused(GOOD.replace("\"console\":\"127.0.0.1:0\"", "\"console\":\"0.0.0.0:1\""), "loopback");
    refused(GOOD.replace("127.0.0.1:8701", "127.0.0.1"), "inner");
    refused(GOOD.replace("\"certificate\":\"ab", "\"certificate\":\"AB"), "certificate");
  }

  private void refused(String json, String why) {
    assertThatThrownBy(() -> load(json)).isInstanceOf(Malformed.class).hasMessageContaining(why);
  }

  private RelayConfig load(String json) throws Exception {
    Path file = Files.writeString(folder.resolve("relay.json"), json);
    return RelayConfig.load(file);
  }
}
