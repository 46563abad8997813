package dev.leasehold.cli;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.json.Codec;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.json.StrictJson;
import dev.leasehold.custodian.CustodianPublic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;

/** Reading and writing the files a person handles: keys, drafts and signed statements. */
final class LocalFiles {
  private static final int MAX_FILE = 1 << 20;
  private static final String PEM_HEAD = "-----BEGIN " + "PRIVATE KEY-----";
  private static final String PEM_TAIL = "-----END " + "PRIVATE KEY-----";

  private LocalFiles() {}

  static byte[] read(Path file) throws CliFailure {
    return read(file, MAX_FILE);
  }

  static byte[] read(Path file, int most) throws CliFailure {
    try {
      if (Files.size(file) > most) {
        throw new CliFailure(
            file + " is too large",
            "at most " + (most >> 20) + " MiB",
            Files.size(file) + " bytes",
            "name the right file");
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new CliFailure("No file " + file, "an existing file", "none", "check the path");
    } catch (IOException e) {
      throw new CliFailure("Cannot read " + file + ": " + e.getMessage());
    }
  }

  /** A bearer token, as 'custodian token' wrote it. */
  static String readToken(Path file) throws CliFailure {
    return new String(read(file), StandardCharsets.US_ASCII).strip();
  }

  /** Bytes of a file made into something well-formed. */
  interface Reader<T> {
    T read(String name, byte[] bytes) throws Malformed;
  }

  /** A file's content, well-formed, or a failure that says which field is not. */
  static <T> T parsed(Path file, String remedy, Reader<T> reader) throws CliFailure {
    try {
      return reader.read(file.getFileName().toString(), read(file));
    } catch (Malformed m) {
      throw CliFailure.of("Cannot use " + file, m, remedy);
    }
  }

  static Json.Obj readJson(Path file) throws CliFailure {
    return parse(file.toString(), read(file));
  }

  static Json.Obj parse(String what, byte[] json) throws CliFailure {
    try {
      return StrictJson.parse(what, json, MAX_FILE);
    } catch (Malformed m) {
      throw CliFailure.of("Cannot use " + what, m, "correct that field");
    }
  }

  static Envelope readEnvelope(Path file) throws CliFailure {
    try {
      return Envelope.parse(file.getFileName().toString(), read(file));
    } catch (Malformed m) {
      throw CliFailure.of(
          file + " is not a signed statement", m, "sign a draft with 'leasehold approve'");
    }
  }

  static KeyRecord readPublicKey(Path file) throws CliFailure {
    try {
      return Codec.of(KeyRecord.class).decode(file.getFileName().toString(), readJson(file));
    } catch (Malformed m) {
      throw CliFailure.of(
          file + " is not a public key", m, "use the .pub file that 'leasehold key new' wrote");
    }
  }

  static CustodianPublic readCustodian(Path file) throws CliFailure {
    try {
      return Codec.of(CustodianPublic.class).decode(file.toString(), readJson(file));
    } catch (Malformed m) {
      throw CliFailure.of(
          file + " is not a custodian's public file", m, "use custodian-public.json of its folder");
    }
  }

  static Ed25519Signer readPrivateKey(Path file) throws CliFailure {
    String pem = new String(read(file), StandardCharsets.US_ASCII).strip();
    if (!pem.startsWith(PEM_HEAD) || !pem.endsWith(PEM_TAIL)) {
      throw new CliFailure(
          file + " is not a private key",
          "a PEM file (PKCS#8, Ed25519)",
          pem.isEmpty() ? "an empty file" : "something else",
          "make one with 'leasehold key new --out " + file + "'");
    }
    String body = pem.substring(PEM_HEAD.length(), pem.length() - PEM_TAIL.length());
    try {
      return Ed25519Signer.fromPkcs8(Base64.getMimeDecoder().decode(body));
    } catch (Malformed m) {
      throw CliFailure.of("Cannot use " + file, m, "use an Ed25519 key");
    }
  }

  /** Writes a private key, readable by its owner only, never over another file. */
  static void writePrivateKey(Path file, Ed25519Signer key) throws CliFailure {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.pkcs8());
    writeSecret(file, PEM_HEAD + "\n" + body + "\n" + PEM_TAIL + "\n");
  }

  /** Writes a file readable by its owner only, never over another file. */
  static void writeSecret(Path file, String text) throws CliFailure {
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, text, StandardOpenOption.TRUNCATE_EXISTING);
    } catch (FileAlreadyExistsException e) {
      throw new CliFailure(
          file + " exists already", "a new file", "an existing one", "name another, or remove it");
    } catch (IOException e) {
      throw new CliFailure("Cannot write " + file + ": " + e.getMessage());
    }
  }

  /** Writes a whole file or nothing. */
  static void write(Path file, String text) throws CliFailure {
    Path absolute = file.toAbsolutePath();
    try {
      Path parent = absolute.getParent();
      Path temp = Files.createTempFile(parent, absolute.getFileName().toString(), ".new");
      Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rw-r--r--"));
      Files.writeString(temp, text);
      Files.move(
          temp, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new CliFailure("Cannot write " + file + ": " + e.getMessage());
    }
  }
}
