package dev.leasehold.custodian;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.pki.PinnedTls;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocket;

/** One kept-alive connection that costs its own machine little: the load, not the thing measured. */
final class Wire {
  private final Socket socket;
  private final InputStream in;

  Wire(World world) throws IOException {
    SSLSocket tls =
        (SSLSocket)
            PinnedTls.context(world.server.tlsCertificate())
                .getSocketFactory()
                .createSocket(world.uri().getHost(), world.uri().getPort());
    tls.setTcpNoDelay(true);
    tls.startHandshake();
    this.socket = tls;
    this.in = new BufferedInputStream(tls.getInputStream(), 1 << 14);
  }

  Bundles.HeartbeatReply heartbeat(Enclave e, Signed<Heartbeat> h) throws IOException, Malformed {
    byte[] body =
        Bundle.write(
            Bundles.HeartbeatPost.class,
            new Bundles.HeartbeatPost(h.envelope(), e.grant.envelope()));
    String head =
        "POST /v1/instances/"
            + e.id
            + "/heartbeat HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
            + e.token
            + "\r\nContent-Type: application/vnd.leasehold.bundle+json\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    byte[] message = new byte[head.length() + body.length];
    System.arraycopy(head.getBytes(StandardCharsets.US_ASCII), 0, message, 0, head.length());
    System.arraycopy(body, 0, message, head.length(), body.length);
    socket.getOutputStream().write(message);
    return Bundle.parse(
        Bundles.HeartbeatReply.class, answer(), Bundles.MAX_EVIDENCE_BYTES);
  }

  private byte[] answer() throws IOException {
    String status = line();
    int length = 0;
    for (String header = line(); !header.isEmpty(); header = line()) {
      if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(header.substring(15).strip());
      }
    }
    byte[] body = in.readNBytes(length);
    if (!status.contains(" 200 ")) {
      throw new IOException(status + ": " + new String(body, StandardCharsets.UTF_8));
    }
    return body;
  }

  private String line() throws IOException {
    StringBuilder out = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the custodian closed the connection");
      }
      if (c != '\r') {
        out.append((char) c);
      }
    }
    return out.toString();
  }
}
