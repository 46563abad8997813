package dev.leasehold.cli;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.EvidenceKind;
import dev.leasehold.core.evidence.ReportData;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** How values of options are read, each with an error that says what was expected. */
final class OptionValues {
  private OptionValues() {}

  static void registerAll(CommandLine line) {
    line.registerConverter(HostPort.class, new HostPort.Converter());
    line.registerConverter(EvidenceKind.class, OptionValues::kind);
    line.registerConverter(Instant.class, OptionValues::instant);
    line.registerConverter(HexBytes.class, OptionValues::hex);
    line.registerConverter(Hash.class, OptionValues::hash);
    line.registerConverter(ReportData.class, OptionValues::reportData);
  }

  private static EvidenceKind kind(String word) {
    return EvidenceKind.of(word)
        .orElseThrow(() ->
            wrong(
                StreamSupport.stream(new EvidenceInput.Kinds().spliterator(), false)
                    .collect(Collectors.joining(", ", "one of ", "")),
                word));
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw wrong("an instant such as 2026-03-01T12:00:00Z", text);
    }
  }

  private static HexBytes hex(String text) {
    try {
      HexBytes bytes = new HexBytes(text.toLowerCase(Locale.ROOT));
      if (!bytes.isEmpty()) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // Said below, in the words of a command line.
    }
    throw wrong("an even number of hex digits, at least two", text);
  }

  private static Hash hash(String text) {
    try {
      return new Hash(text.toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw wrong("64 hex digits", text);
    }
  }

  private static ReportData reportData(String text) {
    HexBytes bytes = hex(text);
    if (bytes.hex().length() != 2 * ReportData.BYTES) {
      throw wrong(
          "all " + ReportData.BYTES + " bytes, " + 2 * ReportData.BYTES + " hex digits",
          bytes.hex().length() + " hex digits");
    }
    return new ReportData(bytes);
  }

  private static TypeConversionException wrong(String expected, String found) {
    return new TypeConversionException("expected " + expected + ", found '" + found + "'");
  }
}
