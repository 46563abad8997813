package dev.leasehold.enclave.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class TensorDataTest {
  @Test
  void sizesThatDoNotFitAreRefusedBeforeAnyAllocation() {
    refused(List.of(1L << 32, 1L << 32));
    refused(List.of(Long.MAX_VALUE));
    refused(List.of(0L, 1L << 32, 1L << 40));
    refused(List.of(-1L, -1L));
    refused(List.of(1L << 29));
  }

  @Test
  void scalarsAndEmptyTensorsHaveASize() {
    assertThat(TensorData.byteSize("t", TensorData.Type.FP64, List.of())).isEqualTo(8);
    assertThat(TensorData.byteSize("t", TensorData.Type.FP32, List.of(3L, 0L))).isZero();
    assertThat(TensorData.byteSize("t", TensorData.Type.INT16, List.of(3L, 5L))).isEqualTo(30);
  }

  @Test
  void valuesMustBeExactlyTheShapesBytes() {
    assertThatThrownBy(
            () -> new TensorData("t", TensorData.Type.FP32, List.of(2L), ByteBuffer.allocate(7)))
        .hasMessage("tensor t: expected 8 bytes for FP32[2], found 7");
  }

  private static void refused(List<Long> shape) {
    assertThatThrownBy(() -> TensorData.byteSize("t", TensorData.Type.FP32, shape))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tensor t: expected extents");
  }
}
