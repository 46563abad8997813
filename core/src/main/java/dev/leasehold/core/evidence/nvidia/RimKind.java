package dev.leasehold.core.evidence.nvidia;

import java.util.Locale;
import java.util.regex.Pattern;

/** What reference values are for. Both kinds have one format; the form of the version tells. */
enum RimKind {
  DRIVER("driver"),
  VBIOS("vbios");

  private static final Pattern VBIOS_VERSION =
      Pattern.compile("[0-9A-Fa-f]{2}(\\.[0-9A-Fa-f]{2}){4}");

  private final String word;

  RimKind(String word) {
    this.word = word;
  }

  static RimKind of(NvidiaRim rim) {
    return VBIOS_VERSION.matcher(rim.version()).matches() ? VBIOS : DRIVER;
  }

  String word() {
    return word;
  }

  /** The version that the report states. */
  String version(NvidiaReport report) {
    return switch (this) {
      case DRIVER -> report.opaque().driverVersion();
      case VBIOS -> report.opaque().vbiosVersion();
    };
  }

  /** Whether {@code id} names values of this kind for this version, of whichever chip or board. */
  boolean isVersionOf(String id, String version) {
    return switch (this) {
      case DRIVER -> id.startsWith("NV_GPU_DRIVER_") && id.endsWith("_" + version);
      case VBIOS ->
          id.startsWith("NV_GPU_VBIOS_")
              && id.endsWith("_" + version.replace(".", "").toUpperCase(Locale.ROOT));
    };
  }

  /** The name under which NVIDIA serves the values for this report. */
  String rimId(NvidiaReport report) {
    return switch (this) {
      case DRIVER -> report.driverRimId();
      case VBIOS -> report.vbiosRimId();
    };
  }
}
