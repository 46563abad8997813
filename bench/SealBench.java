import dev.leasehold.core.seal.AesGcm;
import dev.leasehold.core.seal.CryptoProvider;
import dev.leasehold.core.seal.OpenedPackage;
import dev.leasehold.core.seal.PackageInspector;
import dev.leasehold.core.seal.PackageOpener;
import dev.leasehold.core.seal.PackageSealer;
import dev.leasehold.core.seal.PackageValues;
import dev.leasehold.core.seal.PendingDek;
import dev.leasehold.core.seal.Progress;
import dev.leasehold.core.seal.SealedFolder;
import dev.leasehold.core.seal.SecretBytes;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Random;

/**
 * How fast a model is sealed, inspected and opened on one thread, beside raw AES-256-GCM and
 * SHA-256 measured in the same process. CPU time is what one core takes, whatever else runs; wall time
 * includes the disk. Arguments: folder to work in, size in MiB, rounds.
 */
class SealBench {
  private static final int MIB = 1 << 20;
  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

  /** Something that is timed. */
  private interface Work {
    void run() throws Exception;
  }

  public static void main(String[] args) throws Exception {
    Path root = Files.createTempDirectory(Path.of(args[0]), "seal-bench");
    int mib = Integer.parseInt(args[1]);
    int rounds = Integer.parseInt(args[2]);
    Path model = root.resolve("model.bin");
    try (FileChannel out =
        FileChannel.open(model, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      byte[] block = new byte[MIB];
      Random random = new Random(1);
      for (int i = 0; i < mib; i++) {
        random.nextBytes(block);
        out.write(ByteBuffer.wrap(block));
      }
    }
    try {
      for (int round = 1; round <= rounds; round++) {
        System.out.println("round " + round + " of " + rounds + ", " + mib + " MiB");
        round(root, model, mib);
      }
    } finally {
      delete(root);
    }
  }

  private static void round(Path root, Path model, int mib) throws Exception {
    try (Arena arena = Arena.ofConfined();
        SecretBytes key = SecretBytes.random(32, new SecureRandom());
        AesGcm gcm = new AesGcm(key)) {
      MemorySegment plain = arena.allocate(MIB);
      MemorySegment sealed = arena.allocate(MIB + AesGcm.TAG_BYTES);
      measure(
          "AES-256-GCM alone",
          mib,
          () -> {
            for (int i = 0; i < mib; i++) {
              byte[] nonce = ByteBuffer.allocate(12).putInt(8, i).array();
              gcm.seal(nonce, new byte[0], plain.asByteBuffer(), sealed.asByteBuffer());
            }
          });
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256", CryptoProvider.conscrypt());
      measure(
          "SHA-256 alone",
          mib,
          () -> {
            for (int i = 0; i < mib; i++) {
              sha256.update(plain.asByteBuffer());
            }
          });
    }
    Path folder = root.resolve("sealed");
    Path dek = root.resolve("dek");
    PackageValues[] values = new PackageValues[1];
    measure(
        "seal (both passes, synced)",
        mib,
        () ->
            values[0] =
                new PackageSealer(new SecureRandom(), Progress.NONE).seal(model, folder, dek));
    measure(
        "inspect",
        mib,
        () -> new PackageInspector(Progress.NONE).inspect(folder, values[0]));
    try (PendingDek pending = PendingDek.read(dek);
        Arena arena = Arena.ofConfined();
        FileChannel chunks = FileChannel.open(folder.resolve(SealedFolder.CHUNKS))) {
      PackageOpener opener =
          new PackageOpener(
              SealedFolder.chunks(chunks), f -> arena.allocate(f.bytes(), 64), Progress.NONE);
      measure(
          "open (every check)",
          mib,
          () -> {
            OpenedPackage opened = opener.open(values[0], pending.dek());
            opened.close();
          });
    }
    delete(folder);
    Files.delete(dek);
  }

  private static void measure(String what, int mib, Work work) throws Exception {
    long cpu = CPU.getCurrentThreadCpuTime();
    long start = System.nanoTime();
    work.run();
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpuSeconds = (CPU.getCurrentThreadCpuTime() - cpu) / 1e9;
    double gigabytes = mib * (double) MIB / 1e9;
    System.out.printf(
        "  %-28s %7.3f s  %6.2f GB/s  %6.2f GB per CPU second%n",
        what, seconds, gigabytes / seconds, gigabytes / cpuSeconds);
  }

  private static void delete(Path folder) throws IOException {
    try (var walk = Files.walk(folder)) {
      for (Path p : walk.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(p);
      }
    }
  }
}
