package dev.leasehold.custodian;

import dev.leasehold.borrower.Relay;
import dev.leasehold.borrower.RelayConfig;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.evidence.ReportData;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.lease.Tee;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.enclave.attest.Attester;
import dev.leasehold.enclave.life.ScriptedBoot;
import dev.leasehold.enclave.terms.Program;
import dev.leasehold.testkit.snp.ReportRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** One machine of the borrower: a relay, the enclave behind it, and whoever asks it. */
final class Tenant implements AutoCloseable {
  private static final int TAG_BYTES = 16;

  private final Relay relay;
  private final ScriptedBoot boot;
  private final Consumer consumer;

  /** A borrower's files: its key and the package, which these enclaves never open. */
  static void prepare(World world, Path folder) throws IOException {
    Files.writeString(
        folder.resolve("bk.pem"),
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(world.owner.bk.pkcs8())
            + "\n-----END PRIVATE KEY-----\n");
    Path sealed = Files.createDirectory(folder.resolve("package"));
    Files.writeString(sealed.resolve("package.json"), world.modelPackage.envelope().write());
    long length =
        world.modelPackage.body().plainBytes() + TAG_BYTES * world.modelPackage.body().chunkCount();
    Files.write(sealed.resolve("chunks.bin"), new byte[Math.toIntExact(length)]);
  }

  /**
   * Boots, enrols and serves.
   *
   * @param state where this one's relay keeps its journal
   */
  Tenant(Setting setting, Lease lease, Path state) throws Exception {
    World world = setting.world();
    Path folder = setting.borrower();
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    this.relay =
        Relay.start(
            new RelayConfig(
                world.uri(),
                world.server.tlsCertificate(),
                lease.leaseId(),
                Tee.SEV_SNP,
                folder.resolve("bk.pem"),
                state,
                folder.resolve("package"),
                any,
                any,
                any,
                Optional.empty()));
    this.boot =
        ScriptedBoot.start(
            program(world.owner),
            at(relay.inner()),
            attester(world),
            setting.streams(),
            Duration.ofMillis(lease.stream().frameMs()));
    ScriptedBoot.Door door = boot.awaitServing();
    relay.enclaveAt(door.uri());
    this.consumer = new Consumer(at(relay.outer()), door.ik(), ScriptedBoot.WORD);
  }

  private static URI at(InetSocketAddress listener) {
    return URI.create("http://127.0.0.1:" + listener.getPort());
  }

  private static Program program(Owner owner) {
    return new Program(
        "leasehold-enclave/test",
        Owner.CONFIG,
        Roster.approverSet(owner.threshold, List.of(owner.approver.key(), owner.second.key())),
        Lease.ClockClass.NONE);
  }

  private static Attester attester(World world) {
    List<Bytes> certificates =
        world.chip.certificates().stream().map(c -> Bytes.of(Certificates.encoded(c))).toList();
    return data ->
        new Attester.Quote(
            Tee.SEV_SNP,
            Bytes.of(world.chip.report(ReportRequest.of(ReportData.of(data), Owner.MEASUREMENT))),
            certificates);
  }

  /** Reads one stream to its end; {@code speaking} is counted down by its first word. */
  Consumer.Heard listen(CountDownLatch speaking) throws Exception {
    return consumer.listen(speaking);
  }

  /** When its guard was closed. */
  long awaitStopped() throws Exception {
    return boot.awaitStopped();
  }

  /** Waits for the closure of its final. */
  void awaitClosed() throws Exception {
    boot.awaitClosed();
  }

  @Override
  public void close() throws IOException {
    relay.close();
  }
}
