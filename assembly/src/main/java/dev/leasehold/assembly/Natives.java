package dev.leasehold.assembly;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Which entries of a jar are native libraries, and which of those run on the TEE's platform. */
final class Natives {
  private static final Pattern NATIVE =
      Pattern.compile(".*\\.(so|dll|dylib|jnilib)|.*\\.dSYM/.*", Pattern.CASE_INSENSITIVE);
  private static final Pattern LINUX_X86_64 = Pattern.compile(".*linux-(x64|x86_64).*\\.so");

  /** The telemetry client in some ONNX Runtime builds: on by default, and it writes files. */
  private static final byte[] TELEMETRY =
      "Microsoft12Applications6Events".getBytes(StandardCharsets.US_ASCII);

  private Natives() {}

  static boolean isNative(String entry) {
    return NATIVE.matcher(entry).matches();
  }

  static boolean runsInTheTee(String entry) {
    return LINUX_X86_64.matcher(entry).matches();
  }

  /** Fails when a native library contains a telemetry client: nothing in a TEE may report home. */
  static void refuseTelemetry(String name, byte[] library) {
    if (contains(library, TELEMETRY)) {
      throw new Refused(
          name
              + " contains a telemetry client ("
              + new String(TELEMETRY, StandardCharsets.US_ASCII)
              + ").\n  remedy    use a version without it (onnxruntime: 1.28.0, never 1.29.0)");
    }
  }

  private static boolean contains(byte[] hay, byte[] needle) {
    for (int at = 0; at <= hay.length - needle.length; at++) {
      int matched = 0;
      while (matched < needle.length && hay[at + matched] == needle[matched]) {
        matched++;
      }
      if (matched == needle.length) {
        return true;
      }
    }
    return false;
  }
}
