package dev.leasehold.testkit.dcap;

import dev.leasehold.core.pki.Certificates;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Base64;

/** Certificates as Intel armours them. */
final class Pem {
  private static final Base64.Encoder LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private Pem() {}

  static String of(X509Certificate... chain) {
    StringBuilder out = new StringBuilder();
    for (X509Certificate c : chain) {
      out.append("-----BEGIN CERTIFICATE-----\n")
          .append(LINES.encodeToString(Certificates.encoded(c)))
          .append("\n-----END CERTIFICATE-----\n");
    }
    return out.toString();
  }
}
