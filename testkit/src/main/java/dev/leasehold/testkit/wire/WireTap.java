package dev.leasehold.testkit.wire;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A forwarder on loopback that owns a wire: it writes down every byte of both directions, and can
 * cut the wire and mend it again. Whoever connects while it is cut is disconnected at once.
 */
public final class WireTap implements Closeable {
  private static final int BUFFER = 16_384;

  private final ServerSocket server;
  private final InetSocketAddress target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicReference<@Nullable OutputStream> record;
  private volatile boolean cut;

  private WireTap(ServerSocket server, InetSocketAddress target, OutputStream record) {
    this.server = server;
    this.target = target;
    this.record = new AtomicReference<>(record);
  }

  /** Listens on a free loopback port and records into a new file. */
  public static WireTap open(InetSocketAddress target, Path recording) throws IOException {
    ServerSocket server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    WireTap tap = new WireTap(server, target, Files.newOutputStream(recording));
    Thread.ofVirtual().name("wire-tap").start(tap::accept);
    return tap;
  }

  public int port() {
    return server.getLocalPort();
  }

  /** Bytes seen so far, both directions. */
  public long bytes() {
    return bytes.get();
  }

  /** Cuts the wire: open connections end, new ones are refused. */
  public void cut() {
    cut = true;
    open.forEach(WireTap::closeQuietly);
  }

  public void mend() {
    cut = false;
  }

  @Override
  public void close() throws IOException {
    server.close();
    open.forEach(WireTap::closeQuietly);
    OutputStream out = record.getAndSet(null);
    if (out != null) {
      synchronized (this) {
        out.close();
      }
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket near = server.accept();
        if (cut) {
          closeQuietly(near);
        } else {
          Thread.ofVirtual().start(() -> join(near));
        }
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void join(Socket near) {
    open.add(near);
    try (near;
        Socket far = new Socket()) {
      open.add(far);
      near.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
      far.connect(target);
      Thread up = Thread.ofVirtual().start(() -> pump(near, far));
      pump(far, near);
      up.join();
      open.remove(far);
    } catch (IOException ended) {
      // either side went away: the other is closed with it
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(near);
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        note(buffer, n);
        out.write(buffer, 0, n);
        out.flush();
      }
      to.shutdownOutput();
    } catch (IOException ended) {
      closeQuietly(from);
      closeQuietly(to);
    }
  }

  private synchronized void note(byte[] buffer, int n) throws IOException {
    bytes.addAndGet(n);
    OutputStream out = record.get();
    if (out != null) {
      out.write(buffer, 0, n);
      out.flush();
    }
  }

  private static void closeQuietly(Socket s) {
    try {
      s.close();
    } catch (IOException gone) {
      // it is closed all the same
    }
  }
}
