package dev.leasehold.testkit.vendor;

import dev.leasehold.core.evidence.snp.Family;
import dev.leasehold.core.evidence.snp.Tcb;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.Pem;
import dev.leasehold.testkit.snp.SimulatedAmd;
import dev.leasehold.testkit.snp.SimulatedChip;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Locale;

/** AMD's Key Distribution Service, serving one simulated authority's certificates and lists. */
public final class FakeKds {
  private final SimulatedAmd amd;
  private final FakeVendor vendor;

  public FakeKds(SimulatedAmd amd, FakeVendor vendor) {
    this.amd = amd;
    this.vendor = vendor;
  }

  /** Serves the chain and a list of this date. */
  public FakeKds serve(Instant thisUpdate) {
    vendor.serve(chainTarget(), chain());
    vendor.serve(listTarget(), list(thisUpdate));
    return this;
  }

  /** Serves the chip's certificate too. */
  public FakeKds serve(SimulatedChip chip) {
    vendor.serve(target(chip), Answer.of(Certificates.encoded(chip.certificates().getFirst())));
    return this;
  }

  public Answer chain() {
    return Answer.of((pem(amd.ask()) + pem(amd.ark())).getBytes(StandardCharsets.US_ASCII))
        .with("Content-Type", "application/x-pem-file");
  }

  /** The list of this date; its entity tag changes with it. */
  public Answer list(Instant thisUpdate) {
    return Answer.of(amd.revocations(thisUpdate).encoded())
        .with("Content-Type", "application/pkix-crl")
        .with("ETag", "\"" + thisUpdate.getEpochSecond() + "\"");
  }

  public String chainTarget() {
    return "/vcek/v1/" + product() + "/cert_chain";
  }

  public String listTarget() {
    return "/vcek/v1/" + product() + "/crl";
  }

  public String target(SimulatedChip chip) {
    Tcb t = chip.tcb();
    String id = chip.platformId().substring(chip.platformId().indexOf(':') + 1);
    boolean turin = amd.family() == Family.TURIN;
    return "/vcek/v1/"
        + product()
        + "/"
        + (turin ? id.substring(0, 16) : id)
        + (turin ? "?fmcSPL=" + t.fmc() + "&" : "?")
        + "blSPL="
        + t.bootloader()
        + "&teeSPL="
        + t.tee()
        + "&snpSPL="
        + t.snp()
        + "&ucodeSPL="
        + t.microcode();
  }

  private String product() {
    String name = amd.family().wireName();
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  private static String pem(X509Certificate c) {
    return Pem.CERTIFICATE.encode(Certificates.encoded(c));
  }
}
