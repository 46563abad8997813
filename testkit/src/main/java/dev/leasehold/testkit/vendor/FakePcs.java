package dev.leasehold.testkit.vendor;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Intel's Provisioning Certification Service: serves what a test gives it as that service does,
 * issuers percent-encoded in a header.
 */
public final class FakePcs {
  private static final String API = "/certification/v4/";

  private final FakeVendor vendor;

  public FakePcs(FakeVendor vendor) {
    this.vendor = vendor;
  }

  public static String tcbTarget(String technology, String fmspc, String query) {
    return "/" + technology + API + "tcb?fmspc=" + fmspc + "&" + query;
  }

  public static String identityTarget(String technology, String query) {
    return "/" + technology + API + "qe/identity?" + query;
  }

  public static String listTarget(String authority) {
    return "/sgx" + API + "pckcrl?ca=" + authority + "&encoding=der";
  }

  /** A TCB info, {@code signed} byte for byte as Intel signed it. */
  public static Answer tcbInfo(String signed, String signature, String chain) {
    return statement("tcbInfo", signed, signature).with("TCB-Info-Issuer-Chain", encoded(chain));
  }

  /** The identity of a quoting enclave, likewise. */
  public static Answer identity(String signed, String signature, String chain) {
    return statement("enclaveIdentity", signed, signature)
        .with("SGX-Enclave-Identity-Issuer-Chain", encoded(chain));
  }

  public static Answer list(byte[] der, String chain) {
    return Answer.of(der)
        .with("Content-Type", "application/pkix-crl")
        .with("SGX-PCK-CRL-Issuer-Chain", encoded(chain));
  }

  public FakePcs serve(String target, Answer answer) {
    vendor.serve(target, answer);
    return this;
  }

  private static Answer statement(String name, String signed, String signature) {
    String json = "{\"" + name + "\":" + signed + ",\"signature\":\"" + signature + "\"}";
    return Answer.of(json.getBytes(StandardCharsets.UTF_8))
        .with("Content-Type", "application/json");
  }

  private static String encoded(String pem) {
    return URLEncoder.encode(pem, StandardCharsets.US_ASCII).replace("+", "%20");
  }
}
