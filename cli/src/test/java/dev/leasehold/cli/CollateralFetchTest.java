package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.testkit.vendor.Answer;
import dev.leasehold.testkit.vendor.FakeNvidia;
import dev.leasehold.testkit.vendor.FakeVendor;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code leasehold collateral fetch} for a genuine report, of services that have nothing for it.
 */
class CollateralFetchTest {
  private static final Vectors VECTORS = new Vectors("nvidia");

  @TempDir Path folder;
  private FakeVendor vendor;

  @BeforeEach
  void open() throws Exception {
    vendor = FakeVendor.start();
    String key = folder.resolve("a.key").toString();
    assertThat(Ran.verb("key", "new", "--out", key).code()).isZero();
    assertThat(Ran.verb("custodian", "init", "--dir", dir(), "--approver", key + ".pub").code())
        .isZero();
  }

  @AfterEach
  void close() {
    vendor.close();
  }

  private String dir() {
    return folder.resolve("custodian").toString();
  }

  private Ran fetch() throws Exception {
    Vectors.Case c = VECTORS.cases().getFirst();
    return Ran.verb(
        "collateral",
        "fetch",
        "--dir",
        dir(),
        "--kind",
        "nvidia",
        "--evidence",
        VECTORS.at(c.text("report")),
        "--certs",
        VECTORS.at(c.text("chain")),
        "--nvidia-rim",
        vendor.uri().toString(),
        "--nvidia-ocsp",
        vendor.uri() + FakeNvidia.OCSP,
        "--collateral-wait",
        "1");
  }

  @Test
  void asksForAllThatTheEvidenceTakes() throws Exception {
    assertThat(fetch().code()).isZero();
    assertThat(vendor.requests(FakeNvidia.OCSP)).hasSize(3);
    assertThat(vendor.requests(FakeNvidia.rimTarget("NV_GPU_DRIVER_GH100_550.90.07"))).hasSize(1);
    assertThat(vendor.requests(FakeNvidia.rimTarget("NV_GPU_VBIOS_1010_0200_882_96009F0001")))
        .hasSize(1);
  }

  @Test
  void saysWhatWasNotToBeHad() throws Exception {
    vendor.serve(FakeNvidia.OCSP, Answer.throttled("60"));
    Ran ran = fetch();
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("nvidia/ocsp/").contains("429").contains("try again later");
  }
}
