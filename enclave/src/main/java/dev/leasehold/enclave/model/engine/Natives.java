package dev.leasehold.enclave.model.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of native libraries, found to hold exactly the pinned ones: the same list the build
 * checks, {@code natives.sha256}. An extra library is refused too, because ggml loads what it
 * finds.
 */
public final class Natives {
  private static final String PROPERTY = "leasehold.natives";

  private final Path folder;

  private Natives(Path folder) {
    this.folder = folder;
  }

  /** The folder named by {@code -Dleasehold.natives}. */
  public static Natives fromSystemProperty() {
    String folder = System.getProperty(PROPERTY);
    if (folder == null) {
      throw new IllegalStateException(
          "-D"
              + PROPERTY
              + ": expected the folder of native libraries, found nothing; the build"
              + " makes it at enclave/target/natives");
    }
    return in(Path.of(folder));
  }

  /** Checks the folder; throws with the first difference. */
  public static Natives in(Path folder) {
    try {
      Map<String, String> pinned = pinned();
      Map<String, String> found = hashes(folder);
      pinned.forEach((name, hash) -> check(folder, name, hash, found.remove(name)));
      if (!found.isEmpty()) {
        throw new IllegalStateException(
            folder
                + ": expected no library but the pinned ones, found "
                + found.keySet()
                + "; remove it");
      }
      return new Natives(folder.toRealPath());
    } catch (IOException e) {
      throw new UncheckedIOException("native libraries in " + folder + " cannot be read", e);
    }
  }

  public Path folder() {
    return folder;
  }

  public Path library(String name) {
    return folder.resolve(name);
  }

  private static void check(Path folder, String name, String expected, @Nullable String found) {
    if (!expected.equals(found)) {
      throw new IllegalStateException(
          folder.resolve(name)
              + ": expected SHA-256 "
              + expected
              + ", found "
              + Objects.requireNonNullElse(found, "no file")
              + "; build again with ./mvnw");
    }
  }

  private static Map<String, String> pinned() throws IOException {
    try (InputStream in = Natives.class.getResourceAsStream("natives.sha256");
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(Objects.requireNonNull(in), StandardCharsets.US_ASCII))) {
      return lines.lines().collect(Collectors.toMap(l -> l.substring(66), l -> l.substring(0, 64)));
    }
  }

  private static Map<String, String> hashes(Path folder) throws IOException {
    Map<String, String> found = new HashMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files.filter(Natives::isLibrary)::iterator) {
        found.put(file.getFileName().toString(), sha256(file));
      }
    }
    return found;
  }

  private static boolean isLibrary(Path file) {
    return file.getFileName().toString().contains(".so");
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int n; (n = in.read(buffer)) >= 0; ) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
