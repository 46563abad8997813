package dev.leasehold.custodian;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.custodian.api.Server;
import java.io.IOException;
import java.net.URI;

/** An office that listens on a port and in which time passes. */
final class Parts implements AutoCloseable {
  private final Office office;
  private final Server server;
  private final URI uri;
  private final Hash certificate;

  private Parts(CustodianConfig config, Office office) throws IOException {
    this.office = office;
    this.certificate = office.keys().tlsCertificate();
    this.server =
        Server.start(
            config.host(),
            config.port(),
            config.clientDeadline(),
            office.keys(),
            office.store(),
            office.services());
    this.uri = URI.create("https://" + config.host() + ":" + server.port());
  }

  static Parts start(CustodianConfig config, Anchors anchors, Instruments instruments)
      throws IOException, Malformed {
    Office office = Office.open(config, anchors, instruments);
    try {
      Parts parts = new Parts(config, office);
      office.keeper().start();
      office.logKeeper().start();
      office.services().collateral().start();
      return parts;
    } catch (IOException e) {
      office.close();
      throw e;
    }
  }

  URI uri() {
    return uri;
  }

  Hash certificate() {
    return certificate;
  }

  @Override
  public void close() {
    office.services().hub().close();
    server.close();
    office.close();
  }
}
