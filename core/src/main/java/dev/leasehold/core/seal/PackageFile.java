package dev.leasehold.core.seal;

import dev.leasehold.core.bytes.Hash;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * One file of a sealed package.
 *
 * @param path relative, separated by {@code /}
 * @param bytes its length
 * @param root RFC 6962 tree hash over its blocks of 1 MiB
 * @param sha256 of the whole file, for people; never relied on inside the enclave
 */
public record PackageFile(String path, long bytes, Hash root, Hash sha256) {
  /** The longest path in UTF-8 bytes (protocol §4.1, strings). */
  static final int MAX_PATH_BYTES = 500;

  public PackageFile {
    pathFault(path)
        .ifPresent(fault -> {
          throw new IllegalArgumentException("path: expected " + fault + ", found " + path);
        });
  }

  /**
   * What a path should be and is not. Refuses what protocol §5.1 refuses, and besides quotes,
   * backslashes and control characters: so a path has one spelling in JSON, and no reader takes
   * part of it for something else.
   */
  static Optional<String> pathFault(String path) {
    if (path.getBytes(StandardCharsets.UTF_8).length > MAX_PATH_BYTES) {
      return Optional.of("at most " + MAX_PATH_BYTES + " bytes of UTF-8");
    }
    if (path.chars().anyMatch(c -> c < 0x20 || c == 0x7f || c == '"' || c == '\\')) {
      return Optional.of("no quote, backslash or control character");
    }
    for (String name : path.split("/", -1)) {
      if (List.of("", ".", "..").contains(name)) {
        return Optional.of("a relative path without empty, . or .. parts");
      }
    }
    return Optional.empty();
  }

  byte[] pathBytes() {
    return path.getBytes(StandardCharsets.UTF_8);
  }
}
