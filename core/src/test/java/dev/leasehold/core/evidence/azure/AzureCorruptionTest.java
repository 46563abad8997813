package dev.leasehold.core.evidence.azure;

import static dev.leasehold.core.testing.Scale.NIGHTLY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.tpm.TpmHash;
import dev.leasehold.core.json.ApiJson;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.testing.Fuzz;
import dev.leasehold.core.testing.Garbage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No byte of the HCL report, of the runtime data in it or of the quote can change unnoticed. */
class AzureCorruptionTest {
  /** Header, then the hardware's report, which tests of its own kind cover byte by byte. */
  private static final int HARDWARE = 0x20;

  private static final int RUNTIME = 0x4c0;

  /** In a TDREPORT nobody elsewhere can check: CPUSVN, and the MAC by the machine itself. */
  private static boolean unproven(AzureVectors.Case c, int i) {
    return c == AzureVectors.Case.TDX
        && ((i >= HARDWARE + 16 && i < HARDWARE + 32)
            || (i >= HARDWARE + 224 && i < HARDWARE + 256));
  }

  @ParameterizedTest
  @EnumSource
  void everyByteOfTheHclReportIsGuarded(AzureVectors.Case c) throws Malformed {
    Container container = Container.of(c);
    for (int i = 0; i < HclReport.BYTES; i++) {
      boolean fixed = i < HARDWARE || (i >= RUNTIME && i < RUNTIME + 20);
      if (NIGHTLY || fixed || i % 16 == 0 || (i >= RUNTIME && c == AzureVectors.Case.GENOA)) {
        int at = i;
        assertThat(genuine(c, () -> container.withHcl(Fuzz.flipped(container.hcl.toArray(), at))))
            .as("byte 0x%x", i)
            .isEqualTo(unproven(c, i));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyByteOfTheQuoteIsGuarded(AzureVectors.Case c) throws Malformed {
    Container container = Container.of(c);
    for (String member : new String[] {"message", "signature"}) {
      byte[] bytes = container.quoted(member);
      for (int i = 0; i < bytes.length; i += NIGHTLY ? 1 : 4) {
        byte[] changed = Fuzz.flipped(bytes, i);
        assertThat(genuine(c, () -> container.withQuoted(member, changed))).isFalse();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void anHclReportOneByteShorterOrLongerIsNone(AzureVectors.Case c) throws Malformed {
    byte[] hcl = Container.of(c).hcl.toArray();
    for (int length : new int[] {0, HclReport.BYTES - 1, HclReport.BYTES + 1}) {
      assertThatThrownBy(() -> HclReport.parse(Arrays.copyOf(hcl, length)))
          .isInstanceOf(Malformed.class)
          .hasMessageContaining("2600 bytes");
    }
  }

  @ParameterizedTest
  @EnumSource
  void mutationsNeverEscapeTheParsers(AzureVectors.Case c) throws Exception {
    Fuzz.mutate(
        20_261_301, c.bytes(), 200, b -> Garbage.parsedOrMalformed(() -> AzureEvidence.parse(b)));
    byte[] hcl = Container.of(c).hcl.toArray();
    Fuzz.mutate(20_261_302, hcl, 2_000, b -> Garbage.parsedOrMalformed(() -> HclReport.parse(b)));
    byte[] json = HclReport.parse(hcl).runtimeData().toArray();
    Fuzz.mutate(
        20_261_303, json, 2_000, b -> Garbage.parsedOrMalformed(() -> RuntimeData.parse(b)));
  }

  @Test
  void aMegabyteOfGarbageIsRefusedAtOnce() {
    for (byte[] garbage : Garbage.samples(AzureVectors.Case.GENOA.bytes())) {
      Garbage.refusedAtOnce(() -> AzureEvidence.parse(garbage));
      Garbage.refusedAtOnce(() -> HclReport.parse(garbage));
    }
  }

  /** A case in the later of the containers, whichever it came in. */
  private record Container(Bytes hcl, Json.Obj json) {
    static Container of(AzureVectors.Case c) throws Malformed {
      Json.Obj json = ApiJson.parse("vector", c.bytes(), 1 << 20);
      if (json.get("hcl_report").orElse(Json.Null.NULL) instanceof Json.Str(String text)) {
        return new Container(Bytes.of(AzureJson.base64Url("hcl_report", text)), json);
      }
      AzureEvidence evidence = c.evidence();
      Json.Obj quote =
          Json.Obj.EMPTY
              .with("signature", hex(evidence.quote().signature().value()))
              .with("message", hex(evidence.quote().attest().signed()))
              .with(
                  "pcrs",
                  Json.Arr.of(
                      evidence.quote().pcrs().get(TpmHash.SHA256).values().stream()
                          .map(v -> new Json.Str(v.hex()))
                          .toList()));
      byte[] report = octets((Json.Arr) json.get("report").orElseThrow());
      String vcek = ((Json.Str) json.get("vcek").orElseThrow()).value();
      Json.Obj later =
          Json.Obj.EMPTY
              .with("version", 2)
              .with("tpm_quote", quote)
              .with("hcl_report", base64Url(report))
              .with("vcek", base64Url(vcek.getBytes(StandardCharsets.US_ASCII)));
      return new Container(Bytes.of(report), later);
    }

    AzureEvidence withHcl(byte[] changed) throws Malformed {
      return parse(json.with("hcl_report", base64Url(changed)));
    }

    AzureEvidence withQuoted(String member, byte[] changed) throws Malformed {
      Json.Obj quote = (Json.Obj) json.get("tpm_quote").orElseThrow();
      return parse(json.with("tpm_quote", quote.with(member, HexBytes.of(changed).hex())));
    }

    byte[] quoted(String member) {
      Json.Obj quote = (Json.Obj) json.get("tpm_quote").orElseThrow();
      return new HexBytes(((Json.Str) quote.get(member).orElseThrow()).value()).bytes();
    }

    private static AzureEvidence parse(Json.Obj json) throws Malformed {
      return AzureEvidence.parse(json.write().getBytes(StandardCharsets.UTF_8));
    }

    private static String hex(Bytes bytes) {
      return HexBytes.of(bytes.toArray()).hex();
    }

    private static String base64Url(byte[] bytes) {
      return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] octets(Json.Arr numbers) {
      byte[] out = new byte[numbers.items().size()];
      for (int i = 0; i < out.length; i++) {
        out[i] = (byte) ((Json.Int) numbers.items().get(i)).value();
      }
      return out;
    }
  }

  private static boolean genuine(AzureVectors.Case c, Garbage.Parse change) {
    try {
      return c.verify((AzureEvidence) change.parse()) instanceof Verdict.Genuine;
    } catch (Malformed e) {
      return false;
    }
  }
}
