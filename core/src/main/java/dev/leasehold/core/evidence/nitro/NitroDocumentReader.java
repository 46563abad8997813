package dev.leasehold.core.evidence.nitro;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.pki.Certificates;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the signed payload: each field once, none unknown (AWS attestation process §3.2.2). */
final class NitroDocumentReader {
  private static final String FORMAT = "attestation document";
  private static final int FIELDS = 9;
  private static final int MAX_TEXT = 128;
  private static final int MAX_CERTIFICATE = 1024;
  private static final int MAX_BUNDLE = 8;
  private static final int MAX_PUBLIC_KEY = 1024;
  private static final int MAX_CHOSEN = 512;
  private static final int REGISTERS = 32;

  /** SHA-384, the only digest there is. */
  private static final int REGISTER_BYTES = 48;

  private final CborReader in;
  private Optional<ModuleId> moduleId = Optional.empty();
  private Optional<Instant> timestamp = Optional.empty();
  private Optional<String> digest = Optional.empty();
  private Optional<SortedMap<Integer, HexBytes>> pcrs = Optional.empty();
  private Optional<X509Certificate> certificate = Optional.empty();
  private Optional<List<X509Certificate>> cabundle = Optional.empty();
  private Optional<HexBytes> publicKey = Optional.empty();
  private Optional<HexBytes> userData = Optional.empty();
  private Optional<HexBytes> nonce = Optional.empty();

  NitroDocumentReader(byte[] payload) {
    this.in = new CborReader(FORMAT, payload);
  }

  NitroDocument read() throws Malformed {
    Set<String> seen = new HashSet<>();
    CborReader.Entries fields = in.map("fields", FIELDS);
    while (fields.next()) {
      String key = in.text("key", MAX_TEXT);
      if (!seen.add(key)) {
        throw new Malformed(FORMAT, "each field once", key + " twice");
      }
      field(key);
    }
    in.end();
    return new NitroDocument(
        required("module_id", moduleId),
        required("timestamp", timestamp),
        required("digest", digest),
        required("pcrs", pcrs),
        required("certificate", certificate),
        required("cabundle", cabundle),
        publicKey,
        userData,
        nonce);
  }

  private void field(String key) throws Malformed {
    switch (key) {
      case "module_id" -> moduleId = Optional.of(ModuleId.parse(path(key), in.text(key, MAX_TEXT)));
      case "timestamp" -> timestamp = Optional.of(timestamp(in.unsigned(key)));
      case "digest" -> digest = Optional.of(digest(in.text(key, MAX_TEXT)));
      case "pcrs" -> pcrs = Optional.of(registers());
      case "certificate" -> certificate = Optional.of(certificate(key));
      case "cabundle" -> cabundle = Optional.of(bundle());
      case "public_key" -> publicKey = chosen(key, 1, MAX_PUBLIC_KEY);
      case "user_data" -> userData = chosen(key, 0, MAX_CHOSEN);
      case "nonce" -> nonce = chosen(key, 0, MAX_CHOSEN);
      default -> throw new Malformed(FORMAT, "no other field", key);
    }
  }

  private static Instant timestamp(long ms) throws Malformed {
    if (ms == 0) {
      throw new Malformed(path("timestamp"), "a time after 1970", "0");
    }
    return Instant.ofEpochMilli(ms);
  }

  private static String digest(String text) throws Malformed {
    if (!text.equals("SHA384")) {
      throw new Malformed(path("digest"), "SHA384", text);
    }
    return text;
  }

  private SortedMap<Integer, HexBytes> registers() throws Malformed {
    SortedMap<Integer, HexBytes> out = new TreeMap<>();
    CborReader.Entries entries = in.map("pcrs", REGISTERS);
    while (entries.next()) {
      long index = in.unsigned("pcrs.index");
      if (index >= REGISTERS) {
        throw new Malformed(path("pcrs"), "indices from 0 to 31", Long.toString(index));
      }
      byte[] value = in.byteString("pcrs." + index, REGISTER_BYTES, REGISTER_BYTES);
      if (out.put((int) index, HexBytes.of(value)) != null) {
        throw new Malformed(path("pcrs"), "each index once", index + " twice");
      }
    }
    if (!out.keySet().containsAll(Set.of(0, 1, 2))) {
      throw new Malformed(path("pcrs"), "registers 0, 1 and 2", out.keySet().toString());
    }
    return out;
  }

  private List<X509Certificate> bundle() throws Malformed {
    int length = in.array("cabundle", 1, MAX_BUNDLE);
    List<X509Certificate> out = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      out.add(certificate("cabundle[" + i + "]"));
    }
    return out;
  }

  private X509Certificate certificate(String name) throws Malformed {
    return Certificates.parse(path(name), in.byteString(name, 1, MAX_CERTIFICATE));
  }

  /** Genuine documents write null for what the enclave left out; it may be absent as well. */
  private Optional<HexBytes> chosen(String name, int min, int max) throws Malformed {
    return in.skipNull()
        ? Optional.empty()
        : Optional.of(HexBytes.of(in.byteString(name, min, max)));
  }

  private static <T> T required(String name, Optional<T> value) throws Malformed {
    if (value.isEmpty()) {
      throw new Malformed(path(name), "the field", "none");
    }
    return value.get();
  }

  private static String path(String name) {
    return FORMAT + "." + name;
  }
}
