package dev.leasehold.borrower;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.Signer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** Reads BK. It is never security-critical: it says who asks for a challenge (protocol §2). */
final class BorrowerKey {
  private BorrowerKey() {}

  static Signer load(Path file) throws IOException, Malformed {
    String text = new String(Files.readAllBytes(file), StandardCharsets.US_ASCII);
    String body = text.replaceAll("-----[A-Z ]+-----", "").strip();
    byte[] der;
    try {
      der = Base64.getMimeDecoder().decode(body);
    } catch (IllegalArgumentException e) {
      throw new Malformed(file.toString(), "a PEM private key", "text that is not base64");
    }
    return Ed25519Signer.fromPkcs8(der);
  }
}
