package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code leasehold verify} over genuine TPM quotes and Azure machines. */
class VerifyTpmTest {
  /** A key that the evidence alone names is nobody's. */
  @ParameterizedTest
  @CsvSource({"rsa-coco.json", "gce-nonce9009.pb", "win-gce-sha1.json"})
  void aQuoteByAnUnknownKeyIsNotGenuine(String file) throws Exception {
    Ran ran = verify("tpm", "2025-06-01T00:00:00Z", file);
    VerdictShape.check(ran.json());
    assertThat(ran.code()).isEqualTo(1);
    assertThat(VerdictShape.refused(ran.json())).containsExactly("ak-binding");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "snp-genoa.json; 2026-03-01T00:00:00Z; ../snp/genoa.ask-ark.pem; ''",
        "snp-milan-userdata.json; 2026-03-01T00:00:00Z; ../snp/milan.ask-ark.pem; family tcb",
        "tdx-spr.json; 2025-10-20T00:00:00Z; ../tdx/8060-eval17-2025-10.coll.json; tcb sept-ve"
      })
  void anAzureMachineIsJudgedByTheHardwareBelow(
      String file, String at, String collateral, String refused) throws Exception {
    Ran ran = verify("azure", at, file, "--collateral", new Vectors("azure").at(collateral));
    VerdictShape.check(ran.json());
    assertThat(Vectors.Case.text(ran.json(), "genuine")).isEqualTo("true");
    assertThat(String.join(" ", VerdictShape.refused(ran.json()))).isEqualTo(refused);
    assertThat(ran.code()).isEqualTo(refused.isEmpty() ? 0 : 1);
  }

  private static Ran verify(String kind, String at, String file, String... more) {
    List<String> args = new ArrayList<>();
    args.addAll(List.of("verify", "--kind", kind, "--at", at, "--json"));
    args.addAll(List.of("--evidence", new Vectors(kind).at(file)));
    args.addAll(List.of(more));
    return Ran.verb(args);
  }
}
