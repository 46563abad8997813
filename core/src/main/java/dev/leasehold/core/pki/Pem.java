package dev.leasehold.core.pki;

import dev.leasehold.core.bytes.Malformed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** What stands between PEM lines of one label (RFC 7468). */
public enum Pem {
  CERTIFICATE("CERTIFICATE"),
  REVOCATION_LIST("X509 CRL"),
  PUBLIC_KEY("PUBLIC KEY");

  private static final Base64.Encoder LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private final String begin;
  private final String end;

  Pem(String label) {
    this.begin = "-----BEGIN " + label + "-----";
    this.end = "-----END " + label + "-----";
  }

  public boolean isIn(String text) {
    return text.contains(begin);
  }

  /** One block, its lines ended by line feeds. */
  public String encode(byte[] der) {
    return begin + "\n" + LINES.encodeToString(der) + "\n" + end + "\n";
  }

  /**
   * Every block with this label, in order; text outside the armour is ignored. A damaged block is
   * refused: else a chain with one damaged line would pass as a shorter chain.
   */
  List<byte[]> decodeAll(String field, String text) throws Malformed {
    List<byte[]> out = new ArrayList<>();
    for (int at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, at)) {
      int from = at + begin.length();
      int to = text.indexOf(end, from);
      if (to < 0) {
        throw damaged(field, text, out.size());
      }
      try {
        out.add(Base64.getDecoder().decode(text.substring(from, to).replaceAll("\\s", "")));
      } catch (IllegalArgumentException e) {
        throw damaged(field, text, out.size());
      }
      at = to + end.length();
    }
    return out;
  }

  private Malformed damaged(String field, String text, int whole) {
    int begun = 0;
    for (int at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, at + 1)) {
      begun++;
    }
    return new Malformed(
        field, "PEM blocks, each of base64 and an END line", whole + " of " + begun);
  }
}
