package dev.leasehold.testkit.snp;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.snp.Family;
import dev.leasehold.core.pki.Anchor;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.RevocationList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * What AMD is to a processor family: the root (ARK), the intermediate (ASK) and the revocation
 * list, under keys of its own. Its fingerprint is nowhere pinned, so production refuses all it
 * makes.
 */
public final class SimulatedAmd {
  private static final Duration LIST_LIFETIME = Duration.ofDays(90);

  private final Family family;
  private final Authority root;
  private final Authority intermediate;
  private final X509Certificate ark;
  private final X509Certificate ask;

  private SimulatedAmd(
      Family family,
      Authority root,
      Authority intermediate,
      X509Certificate ark,
      X509Certificate ask) {
    this.family = family;
    this.root = root;
    this.intermediate = intermediate;
    this.ark = ark;
    this.ask = ask;
  }

  public static SimulatedAmd create(Family family, SecureRandom random) {
    String product = productName(family);
    Authority root = new Authority(Authority.amdName("ARK-" + product), Keys.rsa(random), random);
    Authority intermediate =
        new Authority(Authority.amdName("SEV-" + product), Keys.rsa(random), random);
    X509Certificate ark = root.authorise(root.name(), root.key().getPublic(), 0x20000, true);
    X509Certificate ask =
        root.authorise(intermediate.name(), intermediate.key().getPublic(), 0x20002, false);
    return new SimulatedAmd(family, root, intermediate, ark, ask);
  }

  /** One Genoa authority for all tests of a JVM: making RSA keys is slow. */
  public static SimulatedAmd shared() {
    return Shared.FIRST;
  }

  /** Another authority with the same names, as an attacker would make it. */
  public static SimulatedAmd foreign() {
    return Shared.SECOND;
  }

  /** Reads what {@link #save} wrote. */
  public static SimulatedAmd load(Path directory, SecureRandom random)
      throws IOException, Malformed {
    Path family = directory.resolve("family");
    X509Certificate ark = certificate(directory.resolve("ark.der"));
    X509Certificate ask = certificate(directory.resolve("ask.der"));
    return new SimulatedAmd(
        Family.valueOf(Files.readString(family).strip().toUpperCase(Locale.ROOT)),
        authority(ark, directory.resolve("ark.key"), random),
        authority(ask, directory.resolve("ask.key"), random),
        ark,
        ask);
  }

  /** Writes certificates, keys and the root's fingerprint for other processes to find. */
  public void save(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("family"), family.wireName() + "\n");
    Files.write(directory.resolve("ark.der"), Certificates.encoded(ark));
    Files.write(directory.resolve("ask.der"), Certificates.encoded(ask));
    Files.write(directory.resolve("ark.key"), root.key().getPrivate().getEncoded());
    Files.write(directory.resolve("ask.key"), intermediate.key().getPrivate().getEncoded());
    SimulatedAnchors.write(directory, family.root(), Certificates.fingerprint(ark));
  }

  public Family family() {
    return family;
  }

  public X509Certificate ark() {
    return ark;
  }

  public X509Certificate ask() {
    return ask;
  }

  /** Anchors that accept this simulation and nothing else. */
  public Anchors anchors() {
    return new Anchors(List.of(new Anchor(family.root(), Certificates.fingerprint(ark))));
  }

  /** A current list of {@code thisUpdate} that revokes these certificates. */
  public RevocationList revocations(Instant thisUpdate, X509Certificate... revoked) {
    return root.revoke(thisUpdate, thisUpdate.plus(LIST_LIFETIME), List.of(revoked));
  }

  RevocationList revocations(Instant thisUpdate, Instant nextUpdate) {
    return root.revoke(thisUpdate, nextUpdate, List.of());
  }

  /** A current list that revokes nothing, in a form that AMD never uses. */
  RevocationList oddRevocations(Instant thisUpdate, Signing signing, boolean unknown) {
    return root.revoke(thisUpdate, thisUpdate.plus(LIST_LIFETIME), List.of(), signing, unknown);
  }

  Authority intermediate() {
    return intermediate;
  }

  SecureRandom random() {
    return root.random();
  }

  static String productName(Family family) {
    String name = family.wireName();
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  static X509Certificate certificate(Path file) throws IOException, Malformed {
    return Certificates.parse(file.getFileName().toString(), Files.readAllBytes(file));
  }

  private static Authority authority(X509Certificate c, Path key, SecureRandom random)
      throws IOException {
    KeyPair pair = Keys.stored(c.getPublicKey(), Files.readAllBytes(key));
    return new Authority(Authority.subject(c), pair, random);
  }

  /** Made on first use. */
  private static final class Shared {
    static final SimulatedAmd FIRST = create(Family.GENOA, new SecureRandom());
    static final SimulatedAmd SECOND = create(Family.GENOA, new SecureRandom());
  }
}
