package dev.leasehold.core.evidence.nitro;

import dev.leasehold.core.bytes.Malformed;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The security module that signed: the EC2 instance and the enclave in it, {@code
 * i-0a6d65e7122308898-enc017846bcd2f820da} say.
 */
public record ModuleId(String instance, String enclave) {
  private static final Pattern FORM = Pattern.compile("(i-[0-9a-f]+)-(enc[0-9a-f]+)");

  static ModuleId parse(String field, String text) throws Malformed {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw new Malformed(field, "i-<instance>-enc<enclave>, both in hex", text);
    }
    return new ModuleId(m.group(1), m.group(2));
  }

  @Override
  public String toString() {
    return instance + "-" + enclave;
  }
}
