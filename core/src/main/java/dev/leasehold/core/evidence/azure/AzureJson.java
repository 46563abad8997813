package dev.leasehold.core.evidence.azure;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Evidence;
import dev.leasehold.core.evidence.EvidenceKind;
import dev.leasehold.core.evidence.dcap.DcapEvidence;
import dev.leasehold.core.evidence.dcap.Quote;
import dev.leasehold.core.evidence.snp.SnpEvidence;
import dev.leasehold.core.evidence.snp.SnpReport;
import dev.leasehold.core.evidence.tpm.TpmAttest;
import dev.leasehold.core.evidence.tpm.TpmHash;
import dev.leasehold.core.evidence.tpm.TpmQuote;
import dev.leasehold.core.evidence.tpm.TpmSignature;
import dev.leasehold.core.json.ApiJson;
import dev.leasehold.core.json.Codec;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.json.MaxBytes;
import dev.leasehold.core.json.Wire;
import dev.leasehold.core.pki.Certificates;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The containers in which Trustee carries Azure evidence: an early one of byte arrays, and later
 * ones of hex and base64url. Every member must be there and no other may.
 */
final class AzureJson {
  private static final String WHAT = "Azure evidence";
  private static final int MAX_BYTES = 1 << 20;

  private AzureJson() {}

  record EarlySnp(EarlyQuote quote, List<Long> report, @MaxBytes(65_536) String vcek) {}

  record EarlyQuote(List<Long> message, List<List<Long>> pcrs, List<Long> signature) {}

  record Snp(
      long version,
      @Wire("tpm_quote") TpmPart quote,
      @Wire("hcl_report") @MaxBytes(65_536) String hclReport,
      @MaxBytes(65_536) String vcek) {}

  record Tdx(
      long version,
      @Wire("tpm_quote") TpmPart quote,
      @Wire("hcl_report") @MaxBytes(65_536) String hclReport,
      @Wire("td_quote") @MaxBytes(65_536) String tdQuote) {}

  record TpmPart(HexBytes signature, HexBytes message, List<HexBytes> pcrs) {}

  static AzureEvidence parse(byte[] bytes, List<X509Certificate> certs) throws Malformed {
    Json.Obj json = ApiJson.parse(WHAT, bytes, MAX_BYTES);
    if (json.get("td_quote").isPresent()) {
      return tdx(Codec.of(Tdx.class).decode(WHAT, json), certs);
    }
    if (json.get("hcl_report").isPresent()) {
      Snp snp = Codec.of(Snp.class).decode(WHAT, json);
      return snp(
          base64Url("hcl_report", snp.hclReport),
          Certificates.parseAny("vcek", base64Url("vcek", snp.vcek)),
          quote(snp.quote),
          certs);
    }
    EarlySnp early = Codec.of(EarlySnp.class).decode(WHAT, json);
    return snp(
        octets("report", early.report),
        Certificates.parseAny("vcek", early.vcek.getBytes(StandardCharsets.US_ASCII)),
        quote(early.quote),
        certs);
  }

  private static AzureEvidence snp(
      byte[] hclReport, List<X509Certificate> vcek, TpmQuote quote, List<X509Certificate> certs)
      throws Malformed {
    HclReport hcl = require(HclReport.Type.SNP, hclReport);
    List<X509Certificate> certificates = new ArrayList<>(vcek);
    certificates.addAll(certs);
    Evidence hardware = new SnpEvidence(SnpReport.parse(hcl.hardware().toArray()), certificates);
    return new AzureEvidence(hcl, hardware, quote);
  }

  private static AzureEvidence tdx(Tdx tdx, List<X509Certificate> certs) throws Malformed {
    HclReport hcl = require(HclReport.Type.TDX, base64Url("hcl_report", tdx.hclReport));
    DcapEvidence hardware =
        new DcapEvidence(Quote.parse(base64Url("td_quote", tdx.tdQuote)), certs);
    if (hardware.kind() != EvidenceKind.TDX) {
      throw new Malformed("td_quote", "a quote of a trust domain", "one of an SGX enclave");
    }
    return new AzureEvidence(hcl, hardware, quote(tdx.quote));
  }

  private static HclReport require(HclReport.Type type, byte[] bytes) throws Malformed {
    HclReport hcl = HclReport.parse(bytes);
    if (hcl.type() != type) {
      throw new Malformed("hcl_report", "a report of " + type, "one of " + hcl.type());
    }
    return hcl;
  }

  private static TpmQuote quote(EarlyQuote q) throws Malformed {
    List<HexBytes> pcrs = new ArrayList<>();
    for (List<Long> pcr : q.pcrs) {
      pcrs.add(HexBytes.of(octets("pcrs", pcr)));
    }
    return quote(octets("message", q.message), octets("signature", q.signature), pcrs);
  }

  private static TpmQuote quote(TpmPart q) throws Malformed {
    return quote(q.message.bytes(), q.signature.bytes(), q.pcrs);
  }

  /** Azure's TPM key signs by one scheme, and the container carries the bare signature. */
  private static TpmQuote quote(byte[] message, byte[] signature, List<HexBytes> pcrs)
      throws Malformed {
    return TpmQuote.ofSha256(
        TpmAttest.parse(message),
        new TpmSignature(TpmSignature.Scheme.RSASSA, TpmHash.SHA256, Bytes.of(signature)),
        pcrs);
  }

  /** Base64url, canonical, padded or not. */
  static byte[] base64Url(String field, String text) throws Malformed {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      String canonical = Base64.getUrlEncoder().encodeToString(bytes);
      if (text.equals(canonical) || text.equals(canonical.replace("=", ""))) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // Told below, as any other text that is not of this form.
    }
    throw new Malformed(field, "canonical base64url", text);
  }

  private static byte[] octets(String field, List<Long> numbers) throws Malformed {
    byte[] out = new byte[numbers.size()];
    for (int i = 0; i < out.length; i++) {
      long n = numbers.get(i);
      if (n < 0 || n > 255) {
        throw new Malformed(field, "octets", Long.toString(n));
      }
      out[i] = (byte) n;
    }
    return out;
  }
}
