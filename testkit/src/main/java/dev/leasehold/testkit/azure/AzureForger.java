package dev.leasehold.testkit.azure;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.ReportData;
import dev.leasehold.core.evidence.tpm.TpmHash;
import dev.leasehold.core.evidence.tpm.TpmSignature.Scheme;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.testkit.snp.ReportRequest;
import dev.leasehold.testkit.snp.SimulatedChip;
import dev.leasehold.testkit.tpm.AttestImage;
import dev.leasehold.testkit.tpm.AttestImage.Selection;
import dev.leasehold.testkit.tpm.SimulatedTpm;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Makes evidence of one VM, in the container of hex and base64url, with the flaw asked for. It has
 * room for one certificate: the issuers are the verifying party's.
 */
public final class AzureForger {
  /** The key Microsoft signs paravisors with: a simulated chip states whatever it is told to. */
  private static final HexBytes SIGNER =
      new HexBytes(
          "942fd93ebde6ea7a96efadeafc60f1c6b3d10e703b1dafd7555b92f7f3d32d0e"
              + "006767648cba5b102af3d65756af4177");

  private static final HexBytes MEASUREMENT = new HexBytes("5a".repeat(48));
  private static final int REGISTERS = 24;

  private final SimulatedChip chip;
  private final SimulatedChip foreign;
  private final SimulatedTpm tpm = SimulatedTpm.create(Scheme.RSASSA);
  private final SimulatedTpm other = SimulatedTpm.create(Scheme.RSASSA);

  /**
   * A forger of VMs.
   *
   * @param foreign under another root, for the flaw that needs one
   */
  public AzureForger(SimulatedChip chip, SimulatedChip foreign) {
    this.chip = chip;
    this.foreign = foreign;
  }

  public byte[] forge(Flaw flaw, byte[] nonce) {
    SimulatedChip actual = flaw == Flaw.HARDWARE_UNPINNED ? foreign : chip;
    return Json.Obj.EMPTY
        .with("version", 2)
        .with("tpm_quote", quote(flaw, nonce))
        .with("hcl_report", base64Url(hcl(flaw, actual)))
        .with("vcek", base64Url(Certificates.encoded(actual.certificates().getFirst())))
        .write()
        .getBytes(UTF_8);
  }

  private byte[] hcl(Flaw flaw, SimulatedChip actual) {
    byte[] runtimeData = runtimeData(flaw).getBytes(UTF_8);
    byte[] hashed = Digests.sha256(runtimeData).bytes();
    byte[] reportData = Arrays.copyOf(hashed, ReportData.BYTES);
    if (flaw == Flaw.REPORT_DATA_NOT_ZERO_BEHIND) {
      reportData[63] = 1;
    }
    byte[] report =
        actual.report(
            ReportRequest.of(ReportData.of(reportData), MEASUREMENT),
            flaw == Flaw.REPORT_OF_THE_GUEST ? 2 : 0,
            flaw == Flaw.PARAVISOR_OF_ANOTHER_SIGNER ? new HexBytes("00".repeat(48)) : SIGNER);
    byte[] bytes = HclImage.of(report, sent(flaw, runtimeData));
    ByteBuffer image = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int end = HclImage.RUNTIME_DATA + runtimeData.length;
    switch (flaw) {
      case HCL_SIGNATURE -> image.put(0, (byte) 'h');
      case HCL_REQUEST_TYPE -> image.putInt(HclImage.REQUEST_TYPE, 1);
      case HCL_PADDING -> image.put(end, (byte) 1);
      case HCL_REPORT_TYPE -> image.putInt(HclImage.REPORT_TYPE, 4);
      case HCL_HASH_TYPE -> image.putInt(HclImage.HASH_TYPE, 2);
      case RUNTIME_DATA_TOO_LONG -> image.putInt(HclImage.LENGTH, runtimeData.length + 1);
      case HARDWARE_REPORT_CHANGED -> image.put(HclImage.HARDWARE + 0x90, (byte) 0);
      default -> {}
    }
    return switch (flaw) {
      case HCL_TOO_SHORT -> Arrays.copyOf(bytes, bytes.length - 1);
      case HCL_TOO_LONG -> Arrays.copyOf(bytes, bytes.length + 1);
      default -> bytes;
    };
  }

  /** What arrives of the runtime data that were hashed. */
  private static byte[] sent(Flaw flaw, byte[] runtimeData) {
    String text = new String(runtimeData, UTF_8);
    return switch (flaw) {
      case RUNTIME_DATA_CHANGED ->
          text.replace("\"secure-boot\":false", "\"secure-boot\":true").getBytes(UTF_8);
      case RUNTIME_DATA_RESPELLED -> text.replace(":[", ": [").getBytes(UTF_8);
      default -> runtimeData;
    };
  }

  private String runtimeData(Flaw flaw) {
    List<Json> keys = new ArrayList<>(List.of(jwk("HCLEkPub", "encrypt", other)));
    switch (flaw) {
      case KEY_MISSING -> {}
      case KEY_TWICE -> {
        keys.set(0, attestationKey(other)); // three keys would not fit into the report
        keys.add(attestationKey(tpm));
      }
      case KEY_FOR_ENCRYPTION -> keys.add(jwk("HCLAkPub", "encrypt", tpm));
      default -> keys.add(attestationKey(tpm));
    }
    String json =
        Json.Obj.EMPTY
            .with("keys", new Json.Arr(keys))
            .with("vm-configuration", Json.Obj.EMPTY.with("secure-boot", new Json.Bool(false)))
            .with("user-data", "00".repeat(64))
            .write();
    return flaw == Flaw.RUNTIME_DATA_NO_JSON ? json.substring(1) : json;
  }

  private static Json attestationKey(SimulatedTpm tpm) {
    return jwk("HCLAkPub", "sign", tpm);
  }

  private static Json jwk(String name, String use, SimulatedTpm tpm) {
    byte[] modulus = ((RSAPublicKey) tpm.publicKey()).getModulus().toByteArray();
    return Json.Obj.EMPTY
        .with("kid", name)
        .with("key_ops", Json.Arr.of(List.of(new Json.Str(use))))
        .with("kty", "RSA")
        .with("e", "AQAB")
        .with("n", base64Url(Arrays.copyOfRange(modulus, modulus.length - 256, modulus.length)));
  }

  private Json.Obj quote(Flaw flaw, byte[] nonce) {
    List<byte[]> registers = new ArrayList<>();
    SortedSet<Integer> selected = new TreeSet<>();
    for (int i = 0; i < REGISTERS; i++) {
      registers.add(TpmHash.SHA256.digest(new byte[] {(byte) i}));
      selected.add(i);
    }
    if (flaw == Flaw.PCR_NOT_SELECTED) {
      selected.remove(23);
    }
    if (flaw == Flaw.PROGRAM_NOT_QUOTED) {
      registers.subList(8, REGISTERS).clear();
      selected.removeIf(i -> i >= 8);
    }
    ByteArrayOutputStream quoted = new ByteArrayOutputStream();
    selected.forEach(i -> quoted.writeBytes(registers.get(i)));
    byte[] message =
        AttestImage.quote(
                nonce,
                List.of(new Selection(TpmHash.SHA256, selected)),
                TpmHash.SHA256.digest(quoted.toByteArray()))
            .bytes();
    SimulatedTpm signer = flaw == Flaw.QUOTE_OF_ANOTHER_KEY ? other : tpm;
    byte[] signature = signer.raw(TpmHash.SHA256, message);
    switch (flaw) {
      case QUOTE_SIGNATURE_BROKEN -> signature[17] ^= 1;
      case NONCE_CHANGED -> message[44] ^= 1;
      case PCR_CHANGED -> registers.get(11)[0] ^= 1;
      case PCR_NOT_SENT -> registers.removeLast();
      case PCR_OF_ANOTHER_LENGTH -> registers.set(3, new byte[20]);
      default -> {}
    }
    return Json.Obj.EMPTY
        .with("signature", HexBytes.of(signature).hex())
        .with("message", HexBytes.of(message).hex())
        .with(
            "pcrs",
            Json.Arr.of(registers.stream().map(r -> new Json.Str(HexBytes.of(r).hex())).toList()));
  }

  private static String base64Url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
