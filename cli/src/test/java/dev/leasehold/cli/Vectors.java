package dev.leasehold.cli;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.ApiJson;
import dev.leasehold.core.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The genuine evidence of {@code leasehold.shared}, and what is known of each piece. */
record Vectors(String kind) {
  private static final Path ALL =
      Path.of(System.getProperty("leasehold.shared", "absent"), "vectors");

  /** The path of a file, as an argument. */
  String at(String file) {
    assumeThat(ALL).as("vectors are not here: set leasehold.shared").isDirectory();
    return ALL.resolve(kind).resolve(file).toString();
  }

  /** Arguments that verify a genuine report of a Genoa machine, which the strict policy accepts. */
  static List<String> genoa() {
    Vectors snp = new Vectors("snp");
    return new ArrayList<>(
        List.of(
            "verify",
            "--kind",
            "snp",
            "--evidence",
            snp.at("genoa-v3.report"),
            "--certs",
            snp.at("genoa-v3.vcek.pem"),
            "--collateral",
            snp.at("genoa.ask-ark.pem"),
            "--at",
            "2026-03-01T00:00:00Z"));
  }

  /** The cases of expected.json; none where the folder is absent. */
  List<Case> cases() throws IOException, Malformed {
    byte[] list = Files.readAllBytes(Path.of(at("expected.json")));
    String wrapped = "{\"cases\":" + new String(list, StandardCharsets.UTF_8) + "}";
    Json.Obj all = ApiJson.parse("expected", wrapped.getBytes(StandardCharsets.UTF_8), 1 << 20);
    List<Case> out = new ArrayList<>();
    for (Json item : Case.items(all, "cases")) {
      out.add(new Case((Json.Obj) item));
    }
    return out;
  }

  /** One case: its members by path, such as {@code fields.meas}. */
  record Case(Json.Obj json) {
    String text(String path) {
      return text(json, path);
    }

    boolean flag(String path) {
      return ((Json.Bool) at(json, path)).value();
    }

    Instant instant(String path, int index) {
      return Instant.parse(((Json.Str) items(json, path).get(index)).value());
    }

    @Override
    public String toString() {
      return text("id");
    }

    /** A string as it is, anything else as JSON writes it. */
    static String text(Json.Obj from, String path) {
      Json found = at(from, path);
      return found instanceof Json.Str(String s) ? s : found.write();
    }

    static List<Json> items(Json.Obj from, String path) {
      return ((Json.Arr) at(from, path)).items();
    }

    private static Json at(Json.Obj from, String path) {
      Json found = from;
      for (String name : path.split("\\.", -1)) {
        found = ((Json.Obj) found).get(name).orElseThrow(() -> new AssertionError(path));
      }
      return found;
    }
  }
}
