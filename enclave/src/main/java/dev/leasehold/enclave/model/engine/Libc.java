package dev.leasehold.enclave.model.engine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/** The six libc calls behind {@link ModelMemory}. Each throws with errno when the call fails. */
final class Libc {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = CALL_STATE.varHandle(PathElement.groupElement("errno"));

  private static final int MFD_CLOEXEC = 1;
  private static final int MFD_ALLOW_SEALING = 2;
  private static final int F_ADD_SEALS = 1033;
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED = 1;

  private static final MethodHandle MEMFD_CREATE =
      call("memfd_create", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle FTRUNCATE =
      call("ftruncate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
  private static final MethodHandle FCNTL =
      call(
          "fcntl",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle MMAP =
      call(
          "mmap",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
  private static final MethodHandle MUNMAP =
      call("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle CLOSE =
      call("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private Libc() {}

  static int memfd() {
    return invoke(
        "memfd_create",
        (state, arena) ->
            (int)
                MEMFD_CREATE.invokeExact(
                    state, arena.allocateFrom("model"), MFD_CLOEXEC | MFD_ALLOW_SEALING));
  }

  static void truncate(int fd, long size) {
    invoke("ftruncate", (state, arena) -> (int) FTRUNCATE.invokeExact(state, fd, size));
  }

  static void seal(int fd, int seals) {
    invoke("fcntl", (state, arena) -> (int) FCNTL.invokeExact(state, fd, F_ADD_SEALS, seals));
  }

  static MemorySegment map(int fd, long size) {
    long address =
        invoke(
            "mmap",
            (state, arena) ->
                (long) MMAP.invokeExact(state, 0L, size, PROT_READ_WRITE, MAP_SHARED, fd, 0L));
    return MemorySegment.ofAddress(address).reinterpret(size);
  }

  static void unmap(MemorySegment mapping) {
    long address = mapping.address();
    long size = mapping.byteSize();
    invoke("munmap", (state, arena) -> (int) MUNMAP.invokeExact(state, address, size));
  }

  static void close(int fd) {
    invoke("close", (state, arena) -> (int) CLOSE.invokeExact(state, fd));
  }

  private static MethodHandle call(String name, FunctionDescriptor type, Linker.Option... options) {
    Linker.Option[] all = Arrays.copyOf(options, options.length + 1);
    all[options.length] = Linker.Option.captureCallState("errno");
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, all);
  }

  private interface Call<R> {
    R with(MemorySegment state, Arena arena) throws Throwable;
  }

  private static <R extends Number> R invoke(String name, Call<R> call) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate((MemoryLayout) CALL_STATE);
      R result = call.with(state, arena);
      if (result.longValue() == -1) {
        throw new IllegalStateException(name + " failed, errno " + (int) ERRNO.get(state, 0L));
      }
      return result;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }
}
