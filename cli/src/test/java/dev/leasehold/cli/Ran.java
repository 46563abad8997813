package dev.leasehold.cli;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.ApiJson;
import dev.leasehold.core.json.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;

/** What one verb did, as its caller sees it. */
record Ran(int code, String out, String err) {
  static Ran verb(List<String> args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Verbs.commandLine();
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int code = line.execute(args.toArray(String[]::new));
    return new Ran(code, out.toString(), err.toString());
  }

  static Ran verb(String... args) {
    return verb(List.of(args));
  }

  Json.Obj json() throws Malformed {
    return ApiJson.parse("stdout", out.getBytes(StandardCharsets.UTF_8), 1 << 20);
  }
}
