package dev.leasehold.cli;

import dev.leasehold.core.bytes.Hash;
import java.net.URI;
import picocli.CommandLine.Option;

/** Where the custodian is and which certificate it shows. */
final class CustodianOptions {
  @Option(
      names = "--custodian",
      required = true,
      defaultValue = "${env:LEASEHOLD_CUSTODIAN}",
      description = "its URL, such as https://custodian.example:8443 (or LEASEHOLD_CUSTODIAN)")
  private URI uri;

  @Option(
      names = "--pin",
      required = true,
      defaultValue = "${env:LEASEHOLD_PIN}",
      description = "SHA-256 of its certificate, as 'custodian init' printed it (or LEASEHOLD_PIN)")
  private String pin;

  URI uri() {
    return uri;
  }

  String pin() {
    return pin;
  }

  CustodianClient connect() throws CliFailure {
    Hash certificate;
    try {
      certificate = new Hash(pin);
    } catch (IllegalArgumentException e) {
      throw new CliFailure(
          "--pin", "64 lowercase hex digits", pin, "copy it from 'leasehold custodian init'");
    }
    return new CustodianClient(uri, certificate);
  }
}
