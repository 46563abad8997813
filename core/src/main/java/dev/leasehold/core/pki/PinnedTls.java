package dev.leasehold.core.pki;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS 1.3 to a server known by the SHA-256 of its certificate (protocol §2). It gives privacy on
 * the hop and nothing else, so neither names nor dates of the certificate matter: only its bytes
 * do.
 */
public final class PinnedTls {
  private PinnedTls() {}

  /** A client context that talks to the holder of this certificate only. */
  public static SSLContext context(Hash certificate) {
    try {
      SSLContext context = SSLContext.getInstance("TLSv1.3", "SunJSSE");
      context.init(null, new TrustManager[] {new Pin(certificate)}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Parameters that admit no older protocol. */
  public static SSLParameters parameters() {
    SSLParameters parameters = new SSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3"});
    return parameters;
  }

  /** Extends the extended manager, so that the JDK adds no host name check of its own. */
  private static final class Pin extends X509ExtendedTrustManager {
    private final Hash certificate;

    Pin(Hash certificate) {
      this.certificate = certificate;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      Hash shown = Digests.sha256(chain[0].getEncoded());
      if (!shown.equals(certificate)) {
        throw new CertificateException(
            "the server's certificate has SHA-256 " + shown + ", pinned is " + certificate);
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
        throws CertificateException {
      checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws CertificateException {
      checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      throw new CertificateException("this context is for clients");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
        throws CertificateException {
      checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws CertificateException {
      checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
