package dev.leasehold.testkit.snp;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.snp.Family;
import dev.leasehold.core.evidence.snp.Tcb;
import dev.leasehold.core.pki.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;

/** One processor: its identity, its firmware level and the key it signs reports with. */
public final class SimulatedChip implements ReportSigner {
  /** The levels of the newest genuine report of each family that was at hand. */
  private static final Tcb GENOA_TCB = new Tcb(0, 10, 0, 23, 84);

  private static final Tcb MILAN_TCB = new Tcb(0, 4, 0, 24, 219);
  private static final Tcb TURIN_TCB = new Tcb(1, 1, 1, 4, 81);
  private static final int CHIP_ID_BYTES = 64;
  private static final int TURIN_ID_BYTES = 8;

  private final SimulatedAmd amd;
  private final Tcb tcb;
  private final HexBytes chipId;
  private final KeyPair key;
  private final X509Certificate vcek;

  private SimulatedChip(
      SimulatedAmd amd, Tcb tcb, HexBytes chipId, KeyPair key, X509Certificate vcek) {
    this.amd = amd;
    this.tcb = tcb;
    this.chipId = chipId;
    this.key = key;
    this.vcek = vcek;
  }

  /** A new chip of the authority's family at that family's usual firmware level. */
  public static SimulatedChip create(SimulatedAmd amd) {
    return create(amd, usualTcb(amd.family()));
  }

  public static SimulatedChip create(SimulatedAmd amd, Tcb tcb) {
    byte[] id = new byte[amd.family() == Family.TURIN ? TURIN_ID_BYTES : CHIP_ID_BYTES];
    amd.random().nextBytes(id);
    return create(amd, tcb, HexBytes.of(Arrays.copyOf(id, CHIP_ID_BYTES)));
  }

  private static SimulatedChip create(SimulatedAmd amd, Tcb tcb, HexBytes chipId) {
    KeyPair key = Keys.p384(amd.random());
    X509Certificate vcek = spec(amd.family(), tcb, chipId, key).issue(amd.intermediate());
    return new SimulatedChip(amd, tcb, chipId, key, vcek);
  }

  /** Reads what {@link #save} wrote. */
  public static SimulatedChip load(Path directory, SimulatedAmd amd) throws IOException, Malformed {
    X509Certificate vcek = SimulatedAmd.certificate(directory.resolve("vcek.der"));
    KeyPair key =
        Keys.stored(vcek.getPublicKey(), Files.readAllBytes(directory.resolve("vcek.key")));
    String id = Files.readString(directory.resolve("chip-id")).strip();
    String tcb = Files.readString(directory.resolve("tcb")).strip();
    return new SimulatedChip(
        amd, Tcb.decode(amd.family(), new HexBytes(tcb)), new HexBytes(id), key, vcek);
  }

  public void save(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.write(directory.resolve("vcek.der"), Certificates.encoded(vcek));
    Files.write(directory.resolve("vcek.key"), key.getPrivate().getEncoded());
    Files.writeString(directory.resolve("chip-id"), chipId + "\n");
    Files.writeString(
        directory.resolve("tcb"), HexBytes.of(ReportImage.encode(amd.family(), tcb)) + "\n");
  }

  /** The machine as a borrower's platform list names it (protocol §6.1). */
  public String platformId() {
    return "sev-snp:" + chipId;
  }

  public SimulatedAmd amd() {
    return amd;
  }

  public Tcb tcb() {
    return tcb;
  }

  @Override
  public List<X509Certificate> certificates() {
    return List.of(vcek, amd.ask(), amd.ark());
  }

  @Override
  public byte[] report(ReportRequest request) {
    return sign(image(request));
  }

  /** A report of another privilege level, of a VM whose launch the holder of some key signed. */
  public byte[] report(ReportRequest request, int vmpl, HexBytes idKeyDigest) {
    return sign(
        image(request)
            .u32(ReportImage.VMPL, vmpl)
            .bytes(ReportImage.ID_KEY_DIGEST, idKeyDigest.bytes()));
  }

  X509Certificate vcek() {
    return vcek;
  }

  VcekSpec spec() {
    return spec(amd.family(), tcb, chipId, key);
  }

  /** The same chip at another firmware level: another key, another certificate. */
  SimulatedChip at(Tcb other) {
    return create(amd, other, chipId);
  }

  byte[] sign(ReportImage image) {
    return image.sign(key.getPrivate());
  }

  /** A report that gives nobody a reason to refuse it. */
  ReportImage image(ReportRequest request) {
    Family family = amd.family();
    byte[] reportId = new byte[32];
    amd.random().nextBytes(reportId);
    byte[] noMigrationAgent = new byte[32];
    Arrays.fill(noMigrationAgent, (byte) 0xff);
    return new ReportImage()
        .u32(0, family == Family.TURIN ? 5 : 3)
        .u64(ReportImage.POLICY, 0x1f | 1L << 17 | 1L << 24)
        .u32(ReportImage.SIGNATURE_ALGORITHM, 1)
        .tcb(ReportImage.CURRENT_TCB, family, tcb)
        .u64(ReportImage.PLATFORM_INFO, 1L << 2 | 1L << 4 | 1L << 5)
        .bytes(ReportImage.REPORT_DATA, request.reportData().bytes())
        .bytes(ReportImage.MEASUREMENT, request.measurement().bytes())
        .bytes(ReportImage.HOST_DATA, request.hostData().bytes())
        .bytes(ReportImage.REPORT_ID, reportId)
        .bytes(ReportImage.REPORT_ID_MA, noMigrationAgent)
        .tcb(ReportImage.REPORTED_TCB, family, tcb)
        .bytes(ReportImage.CPUID, cpuid(family))
        .bytes(ReportImage.CHIP_ID, chipId.bytes())
        .tcb(ReportImage.COMMITTED_TCB, family, tcb)
        .bytes(ReportImage.CURRENT_FIRMWARE, new byte[] {40, 55, 1})
        .bytes(ReportImage.COMMITTED_FIRMWARE, new byte[] {40, 55, 1})
        .tcb(ReportImage.LAUNCH_TCB, family, tcb);
  }

  private static VcekSpec spec(Family family, Tcb tcb, HexBytes chipId, KeyPair key) {
    return new VcekSpec(
        family,
        SimulatedAmd.productName(family),
        tcb,
        chipId,
        key.getPublic(),
        Validity.ENDORSEMENT,
        Signing.PSS_SHA384);
  }

  private static byte[] cpuid(Family family) {
    return switch (family) {
      case MILAN -> new byte[] {0x19, 0x01, 0x01};
      case GENOA -> new byte[] {0x19, 0x11, 0x01};
      case TURIN -> new byte[] {0x1a, 0x02, 0x01};
    };
  }

  private static Tcb usualTcb(Family family) {
    return switch (family) {
      case MILAN -> MILAN_TCB;
      case GENOA -> GENOA_TCB;
      case TURIN -> TURIN_TCB;
    };
  }
}
