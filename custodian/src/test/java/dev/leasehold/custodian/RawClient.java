package dev.leasehold.custodian;

import dev.leasehold.core.pki.PinnedTls;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLSocket;

/** A client that sends whatever bytes it likes, as slowly as it likes. */
final class RawClient implements AutoCloseable {
  private static final int PATIENCE_MS = 30_000;
  private static final int PACE_MS = 50;
  private static final int CLOSED = -1;

  private final Socket socket;

  private RawClient(Socket socket) {
    this.socket = socket;
  }

  /** A connection on which nothing was said yet. */
  static RawClient silent(World world) throws IOException {
    Socket socket = new Socket();
    socket.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), world.uri().getPort()),
        PATIENCE_MS);
    socket.setSoTimeout(PATIENCE_MS);
    return new RawClient(socket);
  }

  /** A connection on which TLS is agreed. */
  static RawClient connect(World world) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            PinnedTls.context(world.server.tlsCertificate())
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), world.uri().getPort());
    socket.setSoTimeout(PATIENCE_MS);
    socket.startHandshake();
    return new RawClient(socket);
  }

  RawClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  RawClient endOfSending() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** The status of the answer; 0 when the server closes without one. */
  int status() throws IOException {
    StringBuilder line = new StringBuilder();
    try {
      InputStream in = socket.getInputStream();
      for (int b = in.read(); b != CLOSED && b != '\n'; b = in.read()) {
        line.append((char) b);
      }
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      return 0;
    }
    String[] words = line.toString().split(" ", 3);
    return words.length < 2 ? 0 : Integer.parseInt(words[1].strip());
  }

  /** How much more the server takes until it hangs up, at most this. */
  long pump(long most) {
    byte[] block = new byte[1 << 16];
    long sent = 0;
    try {
      while (sent < most) {
        socket.getOutputStream().write(block);
        sent += block.length;
      }
    } catch (IOException e) {
      return sent;
    }
    return sent;
  }

  /** Sends a byte every now and then until the server hangs up; how long that took. */
  Duration drip(int b, Duration most) throws IOException {
    long from = System.nanoTime();
    socket.setSoTimeout(PACE_MS);
    while (System.nanoTime() - from < most.toNanos()) {
      try {
        socket.getOutputStream().write(b);
        socket.getOutputStream().flush();
        while (socket.getInputStream().read() != CLOSED) {
          // An answer that came before the end.
        }
        return Duration.ofNanos(System.nanoTime() - from);
      } catch (SocketTimeoutException e) {
        // Not yet; this read is what keeps the pace.
      } catch (IOException e) {
        return Duration.ofNanos(System.nanoTime() - from);
      }
    }
    throw new AssertionError("still connected after " + most);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
