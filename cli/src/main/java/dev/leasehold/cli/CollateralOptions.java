package dev.leasehold.cli;

import dev.leasehold.custodian.collateral.CollateralConfig;
import dev.leasehold.custodian.collateral.IntelUpdate;
import dev.leasehold.custodian.collateral.Sources;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Whom a custodian asks for collateral. Whoever is asked, only what is proven is believed. */
final class CollateralOptions {
  @Option(
      names = "--offline",
      description = "ask no vendor: only files by hand and imported bundles serve")
  private boolean offline;

  @Option(
      names = "--amd-kds",
      defaultValue = "https://kdsintf.amd.com",
      description = "AMD's Key Distribution Service (default: ${DEFAULT-VALUE})")
  private URI amdKds;

  @Option(
      names = "--intel-pcs",
      defaultValue = "https://api.trustedservices.intel.com",
      description = "Intel's service, or your PCCS (default: ${DEFAULT-VALUE})")
  private URI intelPcs;

  @Option(
      names = "--intel-root-crl",
      defaultValue = "https://certificates.trustedservices.intel.com/IntelSGXRootCA.der",
      description = "of a PCCS: URL/sgx/certification/v4/rootcacrl (default: ${DEFAULT-VALUE})")
  private URI intelRootCrl;

  @Option(
      names = "--nvidia-rim",
      defaultValue = "https://rim.attestation.nvidia.com",
      description = "NVIDIA's reference values (default: ${DEFAULT-VALUE})")
  private URI nvidiaRim;

  @Option(
      names = "--nvidia-ocsp",
      defaultValue = "https://ocsp.ndis.nvidia.com",
      description = "NVIDIA's OCSP responder (default: ${DEFAULT-VALUE})")
  private URI nvidiaOcsp;

  @Option(
      names = "--nvidia-ocsp-cached",
      description = "that is a cache of yours: its answers need not be made for the question")
  private boolean nvidiaOcspCached;

  @Option(
      names = "--intel-update",
      defaultValue = "standard",
      description = "early, standard or a tcbEvaluationDataNumber (default: ${DEFAULT-VALUE})")
  private String intelUpdate;

  @Option(
      names = "--collateral-wait",
      defaultValue = "10",
      description = "seconds a vendor may hold up an enrolment (default: ${DEFAULT-VALUE})")
  private long seconds;

  CollateralConfig of(Path custodian) throws CliFailure {
    CollateralConfig none = CollateralConfig.offline(custodian);
    if (offline) {
      return none;
    }
    try {
      return none.asking(
              new Sources(amdKds, intelPcs, intelRootCrl, nvidiaRim, nvidiaOcsp, nvidiaOcspCached))
          .updating(new IntelUpdate(intelUpdate))
          .waiting(Duration.ofSeconds(seconds));
    } catch (IllegalArgumentException e) {
      throw new CliFailure("Cannot ask for collateral: " + e.getMessage());
    }
  }
}
