package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.pki.Certificates;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * The PEM chain inside a quote, which no signature covers as text: so nothing may stand between or
 * after the certificates but line breaks and the closing zero byte that some Quoting Enclaves
 * write, and there is one way only to write a certificate.
 */
final class PemChain {
  private static final String FIELD = "quote.certificates";
  private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
  private static final String END = "-----END CERTIFICATE-----";
  private static final int MAX = 8;

  private PemChain() {}

  static List<X509Certificate> parse(byte[] data) throws Malformed {
    String rest = withoutClosingZero(new String(data, StandardCharsets.ISO_8859_1));
    List<X509Certificate> out = new ArrayList<>();
    while (!rest.isEmpty()) {
      int end = rest.indexOf(END, BEGIN.length()); // the two share their dashes
      if (!rest.startsWith(BEGIN) || end < 0 || out.size() == MAX) {
        throw new Malformed(FIELD, "up to " + MAX + " certificates in PEM", rest);
      }
      out.add(certificate(rest.substring(BEGIN.length(), end)));
      rest = withoutLineBreaks(rest, end + END.length());
    }
    if (out.isEmpty()) {
      throw new Malformed(FIELD, "certificates in PEM", "none");
    }
    return out;
  }

  private static X509Certificate certificate(String base64) throws Malformed {
    String joined = base64.replace("\r", "").replace("\n", "");
    return Certificates.parse(FIELD, Bytes.fromBase64(FIELD, joined).toArray());
  }

  private static String withoutClosingZero(String text) {
    return text.endsWith("\0") ? text.substring(0, text.length() - 1) : text;
  }

  private static String withoutLineBreaks(String text, int from) {
    int i = from;
    while (i < text.length() && (text.charAt(i) == '\n' || text.charAt(i) == '\r')) {
      i++;
    }
    return text.substring(i);
  }
}
