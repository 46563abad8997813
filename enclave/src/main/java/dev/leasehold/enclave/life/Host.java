package dev.leasehold.enclave.life;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** The Linux process this program runs in. */
public final class Host {
  private static final int RLIMIT_CORE = 4;
  private static final Path SELF = Path.of("/proc/self");

  private Host() {}

  /** Turns core dumps off, then refuses to go on unless all that may carry memory out is off. */
  public static void secure() throws HostRefused {
    if (!setCoreLimitToZero()) {
      throw new HostRefused("core dumps", "a limit of 0", "another", "start with ulimit -c 0");
    }
    HotSpotDiagnosticMXBean hotspot =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    try {
      new HostChecks(
              Path.of(System.getProperty("java.io.tmpdir")),
              Files.readAllLines(SELF.resolve("mounts")),
              ManagementFactory.getRuntimeMXBean().getInputArguments(),
              name -> hotspot.getVMOption(name).getValue(),
              System.getenv())
          .require();
    } catch (IOException e) {
      throw new HostRefused("/proc/self/mounts", "a file", "none", "mount /proc");
    }
  }

  /** {@code setrlimit(RLIMIT_CORE, {0, 0})}. */
  private static boolean setCoreLimitToZero() {
    Linker linker = Linker.nativeLinker();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment zero = arena.allocate(ValueLayout.JAVA_LONG, 2);
      int result =
          (int)
              linker
                  .downcallHandle(
                      linker.defaultLookup().findOrThrow("setrlimit"),
                      FunctionDescriptor.of(
                          ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS))
                  .invokeExact(RLIMIT_CORE, zero);
      return result == 0;
    } catch (Throwable e) { // invokeExact declares it; setrlimit itself throws nothing
      throw new IllegalStateException(e);
    }
  }
}
