package dev.leasehold.fuzz;

import com.sun.management.ThreadMXBean;
import dev.leasehold.core.bytes.Malformed;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * A parser under test.
 *
 * @param name lower case with hyphens
 * @param seeds valid inputs to begin from
 * @param property what must hold
 */
public record Target(String name, Seeds seeds, Property property) {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** What any input may cost: the constant pays for keys, signatures and XML parsers. */
  private static final long ALLOWED_BYTES = 32 << 20;

  private static final long ALLOWED_PER_INPUT_BYTE = 256;

  private record Cost(boolean wellFormed, long bytes) {}

  /** Makes or reads valid inputs. */
  @FunctionalInterface
  public interface Seeds {
    List<byte[]> make() throws Exception;
  }

  /** Parses, and checks what was parsed; {@link Malformed} is the only exception allowed. */
  @FunctionalInterface
  public interface Property {
    void check(byte[] input) throws Malformed;
  }

  /**
   * Tries one input; true when it was well-formed.
   *
   * @throws IllegalStateException when the input costs more memory than its length justifies
   * @throws RuntimeException what the property throws: a finding
   */
  public boolean attempt(byte[] input) {
    Cost first = cost(input);
    if (first.bytes <= allowed(input)) {
      return first.wellFormed;
    }
    Cost second = cost(input); // the first input also pays for loading classes
    require(
        second.bytes <= allowed(input),
        name + ": " + second.bytes + " bytes allocated for an input of " + input.length);
    return second.wellFormed;
  }

  /** States an invariant. */
  static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException(what);
    }
  }

  private static long allowed(byte[] input) {
    return ALLOWED_BYTES + ALLOWED_PER_INPUT_BYTE * input.length;
  }

  private Cost cost(byte[] input) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    boolean wellFormed = wellFormed(input);
    return new Cost(wellFormed, THREADS.getCurrentThreadAllocatedBytes() - before);
  }

  private boolean wellFormed(byte[] input) {
    try {
      property.check(input);
      return true;
    } catch (Malformed e) {
      require(!e.expected().isEmpty(), name + ": a refusal that says nothing");
      return false;
    }
  }
}
