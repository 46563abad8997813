package dev.leasehold.enclave.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.enclave.model.engine.ModelMemory;
import dev.leasehold.enclave.model.engine.Natives;
import dev.leasehold.enclave.model.engine.Tariff;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * ONNX models may name files that hold their weights. Those would come from the host's disk,
 * unsealed and unchecked, so they must not be found: not in the working directory, not by a path.
 */
class ExternalWeightsTest {
  private static final Tariff TARIFF = new Tariff(new ModelPackage.Flops(0, 0, 0, 0, 0));
  private static final Path WEIGHTS = Path.of("target", "external-weights.bin");

  @BeforeEach
  void write() throws IOException {
    Files.write(WEIGHTS, new byte[4]);
  }

  @AfterEach
  void delete() throws IOException {
    Files.delete(WEIGHTS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../../..", "absolute"})
  void weightsOnTheHostsDiskAreNotRead(String way) {
    String location =
        switch (way) {
          case "" -> WEIGHTS.toString();
          case "absolute" -> WEIGHTS.toAbsolutePath().toString();
          default -> way + WEIGHTS.toAbsolutePath();
        };
    ModelMemory model = memory(model(tensor -> external(tensor, location)));
    assertThatThrownBy(() -> OnnxEngine.open(Natives.fromSystemProperty(), model, TARIFF, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasRootCauseInstanceOf(OrtException.class)
        .rootCause()
        .hasMessageContaining("External data path validation failed");
  }

  @Test
  void theSameModelLoadsWithItsWeightsInside() {
    ModelMemory model = memory(model(tensor -> tensor.bytes(9, new byte[4])));
    try (OnnxEngine engine = OnnxEngine.open(Natives.fromSystemProperty(), model, TARIFF, 1)) {
      assertThat(engine.outputs()).hasSize(1);
    }
  }

  private static ModelMemory memory(byte[] bytes) {
    return ModelMemory.copyOf(MemorySegment.ofArray(bytes));
  }

  private static void external(Proto tensor, String location) {
    tensor.message(13, entry -> entry.string(1, "location").string(2, location));
    tensor.number(14, 1);
  }

  /** {@code y = Identity(w)} with one float w; field numbers are those of onnx.proto. */
  private static byte[] model(Consumer<Proto> weights) {
    return new Proto()
        .number(1, 8)
        .message(8, opset -> opset.number(2, 13))
        .message(
            7,
            graph ->
                graph
                    .message(1, node -> node.string(1, "w").string(2, "y").string(4, "Identity"))
                    .string(2, "g")
                    .message(
                        5,
                        tensor -> {
                          tensor.number(1, 1).number(2, 1).string(8, "w");
                          weights.accept(tensor);
                        })
                    .message(
                        12,
                        output ->
                            output
                                .string(1, "y")
                                .message(
                                    2,
                                    type ->
                                        type.message(
                                            1,
                                            tensor ->
                                                tensor
                                                    .number(1, 1)
                                                    .message(
                                                        2,
                                                        shape ->
                                                            shape.message(
                                                                1, d -> d.number(1, 1)))))))
        .toBytes();
  }

  /** Just enough of protocol buffers: numbers and lengths below 16 384. */
  private static final class Proto {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Proto number(int field, int value) {
      varint(field << 3);
      varint(value);
      return this;
    }

    Proto bytes(int field, byte[] value) {
      varint((field << 3) | 2);
      varint(value.length);
      out.writeBytes(value);
      return this;
    }

    Proto string(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Proto message(int field, Consumer<Proto> content) {
      Proto inner = new Proto();
      content.accept(inner);
      return bytes(field, inner.toBytes());
    }

    byte[] toBytes() {
      return out.toByteArray();
    }

    private void varint(int value) {
      if (value >= 128) {
        out.write((value & 127) | 128);
      }
      out.write(value >= 128 ? value >> 7 : value);
    }
  }
}
