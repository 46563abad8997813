package dev.leasehold.borrower;

import dev.leasehold.borrower.carry.Backoff;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.lease.Tee;
import dev.leasehold.testkit.party.Exchange;
import dev.leasehold.testkit.party.Parties;
import dev.leasehold.testkit.tls.ServerIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;

/** A relay between a scripted custodian and a scripted enclave, with its folder. */
final class RelayFixture implements AutoCloseable {
  static final ServerIdentity IDENTITY = ServerIdentity.create();
  private static final int SEALED_CHUNK = (1 << 20) + 16;

  final Parties parties = new Parties();
  final Exchange exchange = new Exchange(parties);
  final FakeCustodian custodian = new FakeCustodian(exchange, IDENTITY);
  final Path folder;
  Optional<URI> enclaveUri = Optional.empty();
  Duration patience = Duration.ofSeconds(20);
  volatile Duration ahead = Duration.ZERO;
  Relay relay;
  FakeEnclave enclave;

  RelayFixture(Path folder) throws IOException, Malformed {
    this.folder = folder;
    Files.writeString(folder.resolve("bk.pem"), pem());
    Path sealed = Files.createDirectory(folder.resolve("package"));
    Files.writeString(sealed.resolve("package.json"), parties.modelPackage.envelope().write());
    Files.write(sealed.resolve("chunks.bin"), chunks());
    start();
  }

  void start() throws IOException, Malformed {
    start(IDENTITY.fingerprint());
  }

  void start(Hash pin) throws IOException, Malformed {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    relay =
        Relay.start(
            new RelayConfig(
                custodian.uri(),
                pin,
                Parties.LEASE_ID,
                Tee.SEV_SNP,
                folder.resolve("bk.pem"),
                folder.resolve("state"),
                folder.resolve("package"),
                any,
                any,
                any,
                enclaveUri),
            () -> Instant.now().plus(ahead),
            new Random(1),
            new Backoff(Duration.ofMillis(2), Duration.ofMillis(20), patience));
    enclave = new FakeEnclave(exchange, relay.inner());
  }

  Path journal() {
    return folder.resolve("state").resolve("journal.jsonl");
  }

  /** Whether the journal holds these bytes as a body right now. */
  boolean isKept(String body) {
    try {
      return Files.readString(journal())
          .contains(Base64.getEncoder().encodeToString(body.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Two full chunks and a short one, each byte telling its chunk. */
  private static byte[] chunks() {
    byte[] all = new byte[2 * SEALED_CHUNK + 3 + 16];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) (i / SEALED_CHUNK);
    }
    return all;
  }

  private String pem() {
    return "-----BEGIN "
        + "PRIVATE KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(parties.borrowerKey.pkcs8())
        + "\n-----END "
        + "PRIVATE KEY-----\n";
  }

  @Override
  public void close() throws IOException {
    relay.close();
    custodian.close();
  }
}
