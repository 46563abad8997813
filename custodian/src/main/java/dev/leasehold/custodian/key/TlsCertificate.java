package dev.leasehold.custodian.key;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * The custodian's self-made certificate. It gives the hop privacy and nothing more: clients pin its
 * SHA-256, and no statement is trusted because of the channel (protocol §2).
 */
final class TlsCertificate {
  private static final String ALIAS = "custodian";
  private static final String VALID_DAYS = "825";

  /**
   * The password is 24 random bytes: to stretch it keeps nobody from guessing it, and would take
   * longer than anything else a custodian does when it starts.
   */
  private static final List<String> NO_STRETCHING =
      Stream.of("certPbe", "keyPbe", "mac")
          .map(what -> "-J-Dkeystore.pkcs12." + what + "IterationCount=1")
          .toList();

  private TlsCertificate() {}

  /** Has the JDK's keytool make a key and a certificate in a PKCS#12 file. */
  static void create(Path keystore, String password, List<String> hosts) throws IOException {
    StringBuilder names = new StringBuilder("SAN=");
    for (String host : hosts) {
      names.append(names.length() == 4 ? "" : ",").append(isAddress(host) ? "ip:" : "dns:");
      names.append(host);
    }
    ProcessBuilder keytool =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            ALIAS,
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-dname",
            "CN=leasehold custodian",
            "-ext",
            names.toString(),
            "-validity",
            VALID_DAYS,
            "-storetype",
            "PKCS12",
            "-keystore",
            keystore.toString(),
            "-storepass:env",
            "STOREPASS");
    keytool.command().addAll(NO_STRETCHING);
    keytool.environment().put("STOREPASS", password);
    Process process = keytool.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException("keytool could not make the TLS certificate: " + said.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while keytool made the TLS certificate", e);
    }
    PrivateFiles.makePrivate(keystore);
  }

  static SSLContext context(byte[] keystore, String password) throws IOException {
    try {
      // The other kind, PKIX, derives the store's key from its password anew at each handshake.
      KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
      keys.init(load(keystore, password), password.toCharArray());
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("the TLS key cannot be used", e);
    }
  }

  static X509Certificate certificate(byte[] keystore, String password) throws IOException {
    try {
      return (X509Certificate) load(keystore, password).getCertificate(ALIAS);
    } catch (GeneralSecurityException e) {
      throw new IOException("the TLS certificate cannot be read", e);
    }
  }

  private static KeyStore load(byte[] keystore, String password)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(new ByteArrayInputStream(keystore), password.toCharArray());
    return store;
  }

  private static boolean isAddress(String host) {
    return host.chars().allMatch(c -> c == '.' || c == ':' || Character.digit(c, 16) >= 0)
        && (host.contains(":") || host.matches("[0-9.]+"));
  }
}
