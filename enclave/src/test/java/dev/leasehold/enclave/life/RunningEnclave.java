package dev.leasehold.enclave.life;

import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.Tee;
import dev.leasehold.enclave.attest.Attester;
import dev.leasehold.enclave.relay.RelayClient;
import dev.leasehold.enclave.terms.Program;
import dev.leasehold.enclave.testing.Approvers;
import dev.leasehold.enclave.testing.ScriptedCustodian;
import dev.leasehold.enclave.testing.ScriptedRelay;
import dev.leasehold.enclave.testing.SealedModel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** A whole enclave in this process, with a scripted relay and no hardware. */
final class RunningEnclave implements AutoCloseable {
  /** One line of its log. */
  record Line(Event event, String detail) {}

  final ScriptedCustodian custodian;
  final ScriptedRelay relay;
  final List<Line> log = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Enclave.Ending> ending = new CompletableFuture<>();
  private final Thread thread;

  RunningEnclave(Path home, Consumer<Approvers.LeaseDraft> terms, Consumer<ScriptedRelay> script)
      throws Exception {
    this(SealedModel.stories(home), terms, script);
  }

  private RunningEnclave(
      SealedModel model, Consumer<Approvers.LeaseDraft> terms, Consumer<ScriptedRelay> script)
      throws Exception {
    ModelPackage modelPackage = model.modelPackage;
    custodian = new ScriptedCustodian(modelPackage, terms);
    relay = new ScriptedRelay(custodian, model);
    script.accept(relay);
    Attester attester =
        data -> new Attester.Quote(Tee.SEV_SNP, ScriptedRelay.noReport(), List.of());
    Enclave enclave =
        new Enclave(
            new Program(
                "leasehold-enclave/test",
                Approvers.hash(9),
                custodian.people.approverSet(),
                Lease.ClockClass.NONE),
            new RelayClient(relay.uri()),
            attester,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            1,
            new SecureRandom(),
            System::nanoTime,
            (event, detail) -> log.add(new Line(event, detail)));
    thread =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                ending.complete(enclave.run());
              } catch (Throwable e) {
                ending.completeExceptionally(e);
              }
            });
  }

  /** Waits until it has said this; returns the detail beside it. */
  String await(Event event) {
    patiently().until(() -> log.stream().anyMatch(line -> line.event() == event));
    return log.stream().filter(line -> line.event() == event).findFirst().orElseThrow().detail();
  }

  int awaitPort() {
    String address = await(Event.LISTENING);
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  boolean said(Event event) {
    return log.stream().anyMatch(line -> line.event() == event);
  }

  Enclave.Ending awaitEnd() throws Exception {
    return ending.get(60, TimeUnit.SECONDS);
  }

  static ConditionFactory patiently() {
    return Awaitility.await().atMost(Duration.ofSeconds(60));
  }

  @Override
  public void close() {
    thread.interrupt();
    relay.close();
  }
}
