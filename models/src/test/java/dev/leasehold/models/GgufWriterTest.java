package dev.leasehold.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.models.GgufWriter.NumberFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class GgufWriterTest {
  private final GgufReader file =
      new GgufReader(
          new GgufWriter()
              .text("text", "▁the")
              .number("number", 7)
              .real("real", 1e-5f)
              .flag("flag", true)
              .texts("texts", List.of("a", "", "ü"))
              .numbers("numbers", new int[] {1, -2})
              .reals("reals", new float[] {0, -3})
              .tensor(
                  "wide", new long[] {2, 3}, NumberFormat.F16, new float[] {1, 2, 3, 4, 5, 0.1f})
              .tensor("flat", new long[] {1}, NumberFormat.F32, new float[] {0.1f})
              .toByteArray());

  @Test
  void keepsEveryKindOfMetadata() {
    assertThat(file.metadata)
        .containsEntry("text", "▁the")
        .containsEntry("number", 7)
        .containsEntry("real", 1e-5f)
        .containsEntry("flag", true)
        .containsEntry("texts", List.of("a", "", "ü"))
        .containsEntry("numbers", List.of(1, -2))
        .containsEntry("reals", List.of(0f, -3f));
  }

  @Test
  void alignsTensorsAndStatesTheFastestDimensionFirst() {
    assertThat(file.tensors)
        .containsEntry("wide", new GgufReader.Tensor(List.of(3L, 2L), 1, 0))
        .containsEntry("flat", new GgufReader.Tensor(List.of(1L), 0, 32));
    assertThat(file.dataStart % 32).isZero();
  }

  @Test
  void storesValuesInTheirFormat() {
    assertThat(file.values("wide")).containsExactly(1, 2, 3, 4, 5, 0.099975586f);
    assertThat(file.values("flat")).containsExactly(0.1f);
  }
}
