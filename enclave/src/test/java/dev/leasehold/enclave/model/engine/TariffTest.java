package dev.leasehold.enclave.model.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.Vec;
import org.junit.jupiter.api.Test;

/** Worked by hand from protocol §9.2. */
class TariffTest {
  private static final Tariff TARIFF = new Tariff(new ModelPackage.Flops(100, 10, 2, 3, 512));

  @Test
  void admissionPaysTheRequestAndItsItems() {
    assertThat(TARIFF.admission(4)).isEqualTo(new Vec(1, 0, 0, 140));
  }

  @Test
  void contextIsRoundedUpForEveryToken() {
    assertThat(TARIFF.decode(0)).isEqualTo(new Vec(0, 0, 1, 3));
    assertThat(TARIFF.decode(1)).isEqualTo(new Vec(0, 0, 1, 4));
    assertThat(TARIFF.decode(2)).isEqualTo(new Vec(0, 0, 1, 4));
    assertThat(TARIFF.decode(3)).isEqualTo(new Vec(0, 0, 1, 5));
    assertThat(TARIFF.decode(1024)).isEqualTo(new Vec(0, 0, 1, 515));
  }

  @Test
  void aPromptCostsTheSameInOneChunkOrTwo() {
    Vec whole = TARIFF.prefill(0, 100);
    assertThat(TARIFF.prefill(0, 37).plus(TARIFF.prefill(37, 63))).isEqualTo(whole);
    assertThat(TARIFF.prefill(0, 3)).isEqualTo(new Vec(0, 3, 0, 6 + 0 + 1 + 1));
  }
}
