package dev.leasehold.core.pki;

import dev.leasehold.core.bytes.Malformed;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What stands between PEM lines of one label (RFC 7468). */
public enum Pem {
  CERTIFICATE("CERTIFICATE"),
  REVOCATION_LIST("X509 CRL");

  private final String begin;
  private final Pattern block;

  Pem(String label) {
    this.begin = "-----BEGIN " + label + "-----";
    this.block = Pattern.compile(begin + "([A-Za-z0-9+/=\\s]+)-----END " + label + "-----");
  }

  public boolean isIn(String text) {
    return text.contains(begin);
  }

  /** Every block with this label, in order; text outside the armour is ignored. */
  List<byte[]> decodeAll(String field, String text) throws Malformed {
    List<byte[]> out = new ArrayList<>();
    Matcher m = block.matcher(text);
    while (m.find()) {
      try {
        out.add(Base64.getMimeDecoder().decode(m.group(1)));
      } catch (IllegalArgumentException e) {
        throw new Malformed(field, "base64 between the PEM lines", m.group(1).strip());
      }
    }
    requireWhole(field, text, out.size());
    return out;
  }

  /** Else a chain with one damaged line would pass as a shorter chain. */
  private void requireWhole(String field, String text, int blocks) throws Malformed {
    long begun = Pattern.compile(begin, Pattern.LITERAL).matcher(text).results().count();
    if (blocks != begun) {
      throw new Malformed(
          field, "PEM blocks, each of base64 and an END line", blocks + " of " + begun);
    }
  }
}
