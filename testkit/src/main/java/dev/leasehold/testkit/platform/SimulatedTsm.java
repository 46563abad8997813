package dev.leasehold.testkit.platform;

import dev.leasehold.core.evidence.ReportData;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One entry of Linux's configfs-tsm, made of FIFOs: a guest writes 64 bytes to {@code inblob} and
 * reads the report from {@code outblob} and the certificates from {@code auxblob}; {@code
 * generation} grows with each request.
 *
 * <p>Opening a FIFO to write waits for its reader. So nothing happens until a guest opens {@code
 * outblob}; what it wrote before is then waiting in {@code inblob}, which is held open in both
 * directions so that no writer ever waits and no request is lost with a guest that dies. The newest
 * request counts.
 */
final class SimulatedTsm implements AutoCloseable {
  private static final int REQUEST_BYTES = ReportData.BYTES;
  private static final int WAKE_MS = 20;

  private final Path entry;
  private final Function<ReportData, byte[]> reports;
  private final byte[] certificates;
  private final RandomAccessFile inblob;
  private final FileInputStream requests;
  private final List<Thread> servers;
  private Optional<byte[]> report = Optional.empty();
  private long generation;
  private volatile boolean closed;

  private SimulatedTsm(
      Path entry,
      Function<ReportData, byte[]> reports,
      byte[] certificates,
      RandomAccessFile inblob,
      FileInputStream requests) {
    this.entry = entry;
    this.reports = reports;
    this.certificates = certificates.clone();
    this.inblob = inblob;
    this.requests = requests;
    this.servers =
        List.of(
            Thread.ofPlatform().daemon().name("tsm-outblob").unstarted(() -> serve("outblob")),
            Thread.ofPlatform().daemon().name("tsm-auxblob").unstarted(() -> serve("auxblob")));
  }

  /** Makes the entry's directory and files and begins to serve it. */
  static SimulatedTsm open(Path entry, Function<ReportData, byte[]> reports, byte[] certificates)
      throws IOException {
    Files.createDirectories(entry);
    for (String fifo : List.of("inblob", "outblob", "auxblob")) {
      Files.deleteIfExists(entry.resolve(fifo));
      Commands.mkfifo(entry.resolve(fifo));
    }
    Files.writeString(entry.resolve("provider"), "sev_guest\n");
    Files.writeString(entry.resolve("generation"), "0\n");
    var inblob = new RandomAccessFile(entry.resolve("inblob").toFile(), "rw");
    SimulatedTsm tsm =
        new SimulatedTsm(entry, reports, certificates, inblob, new FileInputStream(inblob.getFD()));
    tsm.servers.forEach(Thread::start);
    return tsm;
  }

  Path entry() {
    return entry;
  }

  /** Ends the entry; a guest that waits on it reads nothing more. */
  @Override
  public void close() throws IOException {
    closed = true;
    for (Thread server : servers) {
      end(server);
    }
    requests.close();
    inblob.close();
  }

  private void serve(String name) {
    Path fifo = entry.resolve(name);
    try {
      while (!closed) {
        Path next = entry.resolve("." + name);
        Files.deleteIfExists(next);
        Commands.mkfifo(next);
        serveOneReader(fifo, next, name);
      }
    } catch (IOException e) {
      // The entry's directory is gone, and with it everybody who could ask.
      closed = true;
    }
  }

  /**
   * Waits for a reader, then puts a fresh FIFO in the place of this one: the reader that still has
   * it open gets its end of file, and cannot be taken for the next one.
   */
  private void serveOneReader(Path fifo, Path next, String name) throws IOException {
    try (OutputStream out = Files.newOutputStream(fifo, StandardOpenOption.WRITE)) {
      Files.move(next, fifo, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      if (!closed) {
        deliver(out, name.equals("outblob") ? answer() : certificates);
      }
    }
  }

  /** A reader that leaves early is its own affair. */
  private static void deliver(OutputStream out, byte[] bytes) {
    try {
      out.write(bytes);
    } catch (IOException e) {
      // Broken pipe: nobody is left to be told.
      return;
    }
  }

  /** The report of the newest request; nothing when there was none or it was not 64 bytes. */
  private byte[] answer() throws IOException {
    byte[] waiting = requests.readNBytes(requests.available());
    if (waiting.length > 0) {
      report =
          waiting.length % REQUEST_BYTES == 0
              ? Optional.of(reports.apply(newest(waiting)))
              : Optional.empty();
      generation++;
      Files.writeString(entry.resolve("generation"), generation + "\n");
    }
    return report.orElse(new byte[0]);
  }

  private static ReportData newest(byte[] waiting) {
    return ReportData.of(
        Arrays.copyOfRange(waiting, waiting.length - REQUEST_BYTES, waiting.length));
  }

  /**
   * A server waits in the opening of its FIFO, which only a reader ends: be one until it is gone.
   */
  private void end(Thread server) {
    boolean interrupted = false;
    while (server.isAlive()) {
      for (String name : List.of("outblob", "auxblob")) {
        wake(entry.resolve(name));
      }
      try {
        server.join(WAKE_MS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void wake(Path fifo) {
    try (var both = new RandomAccessFile(fifo.toFile(), "rw")) {
      both.getFD();
    } catch (IOException e) {
      // Gone with its directory: then nobody waits in it.
      return;
    }
  }
}
