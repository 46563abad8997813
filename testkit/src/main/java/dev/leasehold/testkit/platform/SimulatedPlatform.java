package dev.leasehold.testkit.platform;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.snp.Family;
import dev.leasehold.core.pki.RevocationList;
import dev.leasehold.testkit.snp.SimulatedAmd;
import dev.leasehold.testkit.snp.SimulatedAnchors;
import dev.leasehold.testkit.snp.SimulatedChip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;

/**
 * A SIMULATED machine that can be kept in a directory, so that processes started by themselves
 * agree on it: {@code amd/} has the authority with its fingerprint ({@link SimulatedAnchors}) and,
 * once published, the revocation list; {@code chip/} the processor.
 */
public record SimulatedPlatform(SimulatedAmd amd, SimulatedChip chip) {
  private static final String LIST = "crl.der";

  /** A Genoa machine under an authority of its own. */
  public static SimulatedPlatform create(SecureRandom random) {
    SimulatedAmd amd = SimulatedAmd.create(Family.GENOA, random);
    return new SimulatedPlatform(amd, SimulatedChip.create(amd));
  }

  public static SimulatedPlatform load(Path directory, SecureRandom random)
      throws IOException, Malformed {
    SimulatedAmd amd = SimulatedAmd.load(authority(directory), random);
    return new SimulatedPlatform(amd, SimulatedChip.load(directory.resolve("chip"), amd));
  }

  public void save(Path directory) throws IOException {
    amd.save(authority(directory));
    chip.save(directory.resolve("chip"));
  }

  /** Writes a revocation list of {@code now}, empty, as the authority would publish it. */
  public void publishRevocations(Path directory, Instant now) throws IOException {
    Files.write(authority(directory).resolve(LIST), amd.revocations(now).encoded());
  }

  /** Reads the published list of a saved platform. */
  public static RevocationList revocations(Path directory) throws IOException, Malformed {
    return RevocationList.parse(LIST, Files.readAllBytes(authority(directory).resolve(LIST)));
  }

  /** Where {@link SimulatedAnchors#read} finds the fingerprint of a saved platform. */
  public static Path authority(Path directory) {
    return directory.resolve("amd");
  }
}
