package dev.leasehold.custodian;

import dev.leasehold.core.pki.PinnedTls;
import dev.leasehold.testkit.tls.ServerIdentity;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;

/**
 * The physical limit: one message to many TLS connections of this machine that wait for it, with
 * nothing recorded, signed, checked or passed on; and a round trip on one of them.
 */
final class BarePush implements AutoCloseable {
  private static final int ROUND_TRIPS = 200;

  private final ServerSocket server;
  private final List<Socket> pushing = new ArrayList<>();
  private final List<Socket> waiting = new ArrayList<>();

  BarePush(int connections) throws Exception {
    ServerIdentity identity = ServerIdentity.create();
    SSLContext pinned = PinnedTls.context(identity.fingerprint());
    server =
        identity
            .context()
            .getServerSocketFactory()
            .createServerSocket(0, connections, InetAddress.getLoopbackAddress());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < connections; i++) {
        Future<Socket> accepted = threads.submit(() -> ready(server.accept()));
        waiting.add(
            ready(
                pinned
                    .getSocketFactory()
                    .createSocket(server.getInetAddress(), server.getLocalPort())));
        pushing.add(accepted.get());
      }
    }
  }

  /** Both sides speak once, so that no handshake is measured. */
  private static Socket ready(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    socket.getOutputStream().write(0);
    socket.getOutputStream().flush();
    socket.getInputStream().readNBytes(1);
    return socket;
  }

  /** From the first write until each has all of the message. */
  Spread push(int bytes) throws Exception {
    byte[] message = new byte[bytes];
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Long>> arrivals =
          waiting.stream().map(s -> threads.submit(() -> arrival(s, bytes))).toList();
      Thread.sleep(100);
      long start = System.nanoTime();
      pushing.forEach(s -> threads.submit(() -> write(s, message)));
      List<Long> nanos = new ArrayList<>();
      for (Future<Long> arrival : arrivals) {
        nanos.add(arrival.get() - start);
      }
      return Spread.of(nanos.stream().mapToLong(Long::longValue));
    }
  }

  Spread roundTrips() throws IOException {
    long[] nanos = new long[ROUND_TRIPS];
    for (int i = 0; i < nanos.length; i++) {
      long start = System.nanoTime();
      write(pushing.getFirst(), new byte[1]);
      arrival(waiting.getFirst(), 1);
      write(waiting.getFirst(), new byte[1]);
      nanos[i] = arrival(pushing.getFirst(), 1) - start;
    }
    return new Spread(nanos);
  }

  private static boolean write(Socket socket, byte[] message) throws IOException {
    socket.getOutputStream().write(message);
    return true;
  }

  private static long arrival(Socket socket, int bytes) throws IOException {
    new DataInputStream(socket.getInputStream()).readFully(new byte[bytes]);
    return System.nanoTime();
  }

  @Override
  public void close() throws IOException {
    for (Socket s : waiting) {
      s.close();
    }
    for (Socket s : pushing) {
      s.close();
    }
    server.close();
  }
}
