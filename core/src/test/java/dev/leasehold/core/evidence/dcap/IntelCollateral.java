package dev.leasehold.core.evidence.dcap;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.CollateralFile;
import dev.leasehold.core.json.ApiJson;
import dev.leasehold.core.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The genuine collateral of {@code leasehold.shared}/vectors/sgx and tdx. */
final class IntelCollateral {
  static final List<String> BUNDLES =
      List.of(
          "sgx/a067-hello.coll.json",
          "sgx/icx-606a.coll.json",
          "tdx/v4-b0c0-uptodate.coll.json",
          "tdx/5080-eval15-2023-06.coll.json",
          "tdx/8060-eval17-2025-02.coll.json",
          "tdx/8060-eval17-2025-10.coll.json",
          "tdx/90c0-eval18-2025-02.coll.json",
          "tdx/90c0-eval18-2026-02.coll.json");

  private static final Path FOLDER =
      Path.of(System.getProperty("leasehold.shared", "absent"), "vectors");

  private IntelCollateral() {}

  static Path file(String name) {
    assumeThat(FOLDER).as("vectors are not here: set leasehold.shared").isDirectory();
    return FOLDER.resolve(name);
  }

  static byte[] bytes(String file) {
    try {
      return Files.readAllBytes(file(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Collateral read(String file) throws Malformed {
    return CollateralFile.read(file, bytes(file));
  }

  /** One string of a bundle. */
  static String text(String bundle, String key) throws Malformed {
    if (ApiJson.parse(bundle, bytes(bundle), 1 << 20).get(key).orElseThrow()
        instanceof Json.Str(String s)) {
      return s;
    }
    throw new IllegalArgumentException(key);
  }
}
