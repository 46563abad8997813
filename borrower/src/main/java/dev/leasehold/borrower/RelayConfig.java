package dev.leasehold.borrower;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.Codec;
import dev.leasehold.core.json.StrictJson;
import dev.leasehold.core.lease.Tee;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a relay runs.
 *
 * @param custodian base URL, {@code https}
 * @param certificate SHA-256 of the custodian's certificate: the only server the relay talks to
 * @param leaseId the lease its enclaves run under
 * @param tee the kind of machine it says hello for
 * @param borrowerKey file with the borrower's key BK, PKCS#8 in PEM; signs hellos and nothing else
 * @param state folder of the journal; one relay a folder
 * @param modelPackage folder of the sealed package
 * @param inner where enclaves reach the relay: loopback or a VM's own link, never a public address
 * @param outer where consumers reach it
 * @param console the borrower's own page; loopback
 * @param enclave where the enclave listens; absent until it is known
 */
public record RelayConfig(
    URI custodian,
    Hash certificate,
    Id leaseId,
    Tee tee,
    Path borrowerKey,
    Path state,
    Path modelPackage,
    InetSocketAddress inner,
    InetSocketAddress outer,
    InetSocketAddress console,
    Optional<URI> enclave) {
  private static final int MAX_BYTES = 65_536;

  public RelayConfig {
    if (!"https".equals(custodian.getScheme())) {
      throw new IllegalArgumentException("custodian: expected an https URL, found " + custodian);
    }
    if (!console.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException("console: expected a loopback address, found " + console);
    }
  }

  /** The same as it stands in a file; every key must be there, {@code enclave} may be "". */
  record FileForm(
      String custodian,
      Hash certificate,
      Id leaseId,
      Tee tee,
      String borrowerKey,
      String state,
      String modelPackage,
      String inner,
      String outer,
      String console,
      Optional<String> enclave) {}

  /** Reads a JSON file; paths in it are relative to its folder. */
  public static RelayConfig load(Path file) throws IOException, Malformed {
    FileForm f =
        Codec.of(FileForm.class)
            .decode(
                file.toString(),
                StrictJson.parse(file.toString(), Files.readAllBytes(file), MAX_BYTES));
    Path folder = file.toAbsolutePath().resolveSibling("");
    try {
      return new RelayConfig(
          URI.create(f.custodian),
          f.certificate,
          f.leaseId,
          f.tee,
          folder.resolve(f.borrowerKey),
          folder.resolve(f.state),
          folder.resolve(f.modelPackage),
          address("inner", f.inner),
          address("outer", f.outer),
          address("console", f.console),
          f.enclave.map(URI::create));
    } catch (IllegalArgumentException e) {
      throw new Malformed(file.toString(), "usable values", String.valueOf(e.getMessage()));
    }
  }

  private static InetSocketAddress address(String field, String text) throws Malformed {
    int colon = text.lastIndexOf(':');
    if (colon < 1 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
      throw new Malformed(field, "host:port (port 0 takes a free one)", text);
    }
    return new InetSocketAddress(
        text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }
}
