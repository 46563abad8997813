package dev.leasehold.enclave.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.enclave.model.engine.TensorData;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorJsonTest {
  @Test
  void nestedAndFlatDataAreTheSameTensor() throws Exception {
    TensorData flat = tensor("[2,2]", "FP32", "[1,2.5,-3,4]");
    assertThat(flat.floats()).containsExactly(1, 2.5f, -3, 4);
    assertThat(tensor("[2,2]", "FP32", "[[1,2.5],[-3,4]]")).isEqualTo(flat);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "BOOL|[true,false]",
        "UINT8|[0,255]",
        "INT8|[-128,127]",
        "INT16|[-32768,32767]",
        "INT32|[-2147483648,2147483647]",
        "INT64|[-9223372036854775808,9223372036854775807]",
        "FP16|[0.5,-2.0]",
        "FP32|[0.1,3.4028235E38]",
        "FP64|[0.1,-1.0E300]",
      })
  void everyTypeIsWrittenAsItWasRead(String type, String data) throws Exception {
    assertThat(TensorJson.write(tensor("[2]", type, data)).write())
        .isEqualTo(
            "{\"name\":\"x\",\"shape\":[2],\"datatype\":\"" + type + "\",\"data\":" + data + "}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[2]|FP32|[1]|inputs[0].data: expected 2 elements, found 1",
        "[2,2]|FP32|[[1,2],[3]]|flat or nested as [2, 2]",
        "[2,2]|FP32|[[1,2],3]|flat or nested as [2, 2]",
        "[2]|FP32|[[1],[2]]|numbers, found an array",
        "[]|FP32|[[1]]|flat or nested as []",
        "[9999999999,9999999999]|FP32|[1]|fewer than 2^31 bytes",
        "[1000000000]|INT8|[1]|expected 1000000000 elements, found 1",
        "[-1]|FP32|[1]|inputs[0].shape",
        "[1.5]|FP32|[1]|inputs[0].shape",
        "[1]|BYTES|[\"a\"]|inputs[0].datatype: expected one of",
        "[1]|UINT8|[256]|whole numbers from 0 to 255, found 256",
        "[1]|INT8|[1.5]|whole numbers",
        "[1]|BOOL|[1]|true or false, found 1",
        "[1]|FP32|[null]|numbers, found null",
      })
  void whatDoesNotFitIsRefusedSayingWhat(String shape, String type, String data, String message) {
    assertThatThrownBy(() -> tensor(shape, type, data))
        .isInstanceOf(ApiError.class)
        .hasMessageContaining(message);
  }

  @Test
  void binaryDataIsRefused() {
    assertThatThrownBy(() ->
            parse(
                "{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP32\","
                    + "\"parameters\":{\"binary_data_size\":4}}]}"))
        .hasMessageContaining("inputs[0].parameters.binary_data_size: not supported");
  }

  private static TensorData tensor(String shape, String type, String data) throws ApiError {
    return parse(
            "{\"inputs\":[{\"name\":\"x\",\"shape\":"
                + shape
                + ",\"datatype\":\""
                + type
                + "\",\"data\":"
                + data
                + "}]}")
        .inputs()
        .getFirst();
  }

  private static OipRequest parse(String body) throws ApiError {
    return OipRequest.parse(body.getBytes(StandardCharsets.UTF_8));
  }
}
