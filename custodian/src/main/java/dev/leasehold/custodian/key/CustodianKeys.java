package dev.leasehold.custodian.key;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Hex;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.dsse.Kind;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.hpke.HpkeKeyPair;
import dev.leasehold.core.hpke.HpkePublicKey;
import dev.leasehold.core.log.Checkpoint;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.seal.SecretBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;

/**
 * The keys a custodian's server holds (protocol §2): GK, LK, the import key, the KEK and the TLS
 * key, each in a file of mode 0600. They are made once by {@link #create} and never leave the
 * folder.
 */
public final class CustodianKeys implements AutoCloseable {
  private static final String GRANT_KEY = "grant-key.pkcs8";
  private static final String LOG_KEY = "log-key.pkcs8";
  private static final String IMPORT_SEED = "import-key.seed";
  private static final String IMPORT_PUBLIC = "import-key.pub";
  private static final String KEK = "kek";
  private static final String TLS_STORE = "tls.p12";
  private static final String TLS_PASSWORD = "tls.password";
  private static final int KEK_BYTES = 32;

  private final Ed25519Signer grantKey;
  private final Ed25519Signer logKey;
  private final HpkeKeyPair importKey;
  private final Kek kek;
  private final byte[] tlsStore;
  private final String tlsPassword;

  private CustodianKeys(Path folder, SecureRandom random) throws IOException, Malformed {
    this.grantKey = Ed25519Signer.fromPkcs8(PrivateFiles.read(folder.resolve(GRANT_KEY)));
    this.logKey = Ed25519Signer.fromPkcs8(PrivateFiles.read(folder.resolve(LOG_KEY)));
    try (SecretBytes seed = SecretBytes.taking(PrivateFiles.read(folder.resolve(IMPORT_SEED)));
        SecretBytes wrapping = SecretBytes.taking(PrivateFiles.read(folder.resolve(KEK)))) {
      Bytes published = Bytes.of(Files.readAllBytes(folder.resolve(IMPORT_PUBLIC)));
      this.importKey = HpkeKeyPair.restore(HpkePublicKey.parse(IMPORT_PUBLIC, published), seed);
      this.kek = new Kek(wrapping, random);
    }
    this.tlsStore = PrivateFiles.read(folder.resolve(TLS_STORE));
    this.tlsPassword =
        new String(PrivateFiles.read(folder.resolve(TLS_PASSWORD)), StandardCharsets.UTF_8);
  }

  /** Makes all keys in an empty folder. */
  public static CustodianKeys create(Path folder, List<String> hosts, SecureRandom random)
      throws IOException, Malformed {
    PrivateFiles.createFolder(folder);
    PrivateFiles.create(folder.resolve(GRANT_KEY), Ed25519Signer.generate(random).pkcs8());
    PrivateFiles.create(folder.resolve(LOG_KEY), Ed25519Signer.generate(random).pkcs8());
    try (HpkeKeyPair pair = HpkeKeyPair.generate();
        SecretBytes seed = pair.exportSeed()) {
      PrivateFiles.create(folder.resolve(IMPORT_SEED), seed.exposeArray());
      PrivateFiles.create(folder.resolve(IMPORT_PUBLIC), pair.publicKey().raw().toArray());
    }
    byte[] kek = new byte[KEK_BYTES];
    random.nextBytes(kek);
    PrivateFiles.create(folder.resolve(KEK), kek);
    byte[] password = new byte[24];
    random.nextBytes(password);
    String text = Hex.encode(password);
    PrivateFiles.create(folder.resolve(TLS_PASSWORD), text.getBytes(StandardCharsets.UTF_8));
    TlsCertificate.create(folder.resolve(TLS_STORE), text, hosts);
    return load(folder, random);
  }

  public static CustodianKeys load(Path folder, SecureRandom random) throws IOException, Malformed {
    return new CustodianKeys(folder, random);
  }

  /** Signs a statement under GK. */
  public <T extends Record> Signed<T> sign(Kind<T> kind, T statement) {
    return Dsse.sign(kind, statement, grantKey);
  }

  /** Signs a checkpoint under LK. */
  public String sign(Checkpoint checkpoint) {
    return checkpoint.sign(logKey);
  }

  public KeyRecord grantKey() {
    return grantKey.key();
  }

  public KeyRecord logKey() {
    return logKey.key();
  }

  public HpkeKeyPair importKey() {
    return importKey;
  }

  public Kek kek() {
    return kek;
  }

  public SSLContext tlsContext() throws IOException {
    return TlsCertificate.context(tlsStore, tlsPassword);
  }

  public Hash tlsCertificate() throws IOException {
    return Certificates.fingerprint(TlsCertificate.certificate(tlsStore, tlsPassword));
  }

  /** When clients stop to believe it is this server. */
  public Instant tlsCertificateEnd() throws IOException {
    return TlsCertificate.certificate(tlsStore, tlsPassword).getNotAfter().toInstant();
  }

  @Override
  public void close() {
    importKey.close();
    kek.close();
  }
}
