package dev.leasehold.enclave;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.lease.EnclaveConfig;
import dev.leasehold.enclave.attest.ConfigfsTsm;
import dev.leasehold.enclave.life.Enclave;
import dev.leasehold.enclave.life.Event;
import dev.leasehold.enclave.life.EventLog;
import dev.leasehold.enclave.life.Host;
import dev.leasehold.enclave.life.HostRefused;
import dev.leasehold.enclave.life.Options;
import dev.leasehold.enclave.relay.RelayClient;
import dev.leasehold.enclave.terms.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.List;

/** Wires the enclave: {@code java @launch --relay http://127.0.0.1:PORT [--listen …] …}. */
public final class EnclaveMain {
  private static final String NAME = "leasehold-enclave/0.1.0";

  private EnclaveMain() {}

  /** Exit status 0 after a final, 1 without a grant, 2 when this process cannot be an enclave. */
  public static void main(String[] arguments) throws InterruptedException {
    EventLog log = EventLog.to(System.err);
    Event refused = Event.CONFIG_REFUSED;
    try {
      Options options = Options.parse(List.of(arguments));
      byte[] file = Files.readAllBytes(options.config());
      EnclaveConfig config = EnclaveConfig.parse(file);
      refused = Event.HOST_REFUSED;
      Host.secure();
      Enclave enclave =
          new Enclave(
              new Program(NAME, Digests.sha256(file), config.approverSet(), config.clock()),
              new RelayClient(options.relay()),
              ConfigfsTsm.at(options.tsm()),
              options.listen(),
              options.threads(),
              new SecureRandom(),
              System::nanoTime,
              log);
      System.exit(enclave.run() == Enclave.Ending.FINISHED ? 0 : 1);
    } catch (Malformed | HostRefused | IOException e) {
      log.note(refused);
      System.err.println(e.getMessage());
      System.exit(2);
    }
  }
}
