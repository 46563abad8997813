package dev.leasehold.cli;

import dev.leasehold.core.appraise.Assessment;
import dev.leasehold.core.evidence.EvidenceKind;
import dev.leasehold.core.evidence.Fields;
import dev.leasehold.core.evidence.Refusal;
import dev.leasehold.core.evidence.VendorTcb;
import dev.leasehold.core.evidence.VerifiedClaims;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.pki.Window;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A verdict for programs: the same members always, in the same order (docs/verify.md). */
final class VerdictJson {
  private VerdictJson() {}

  static String write(EvidenceKind kind, Assessment assessment) {
    Optional<VerifiedClaims> claims = assessment.claims();
    VendorTcb tcb = claims.map(VerifiedClaims::tcb).orElse(VendorTcb.UNWORDED);
    List<Window> windows = claims.map(VerifiedClaims::windows).orElse(List.of());
    Json.Obj out =
        Json.Obj.EMPTY
            .with("kind", kind.word())
            .with("genuine", new Json.Bool(assessment.genuine()))
            .with("tcbStatus", tcb.status())
            .with("advisories", strings(tcb.advisories()))
            .with("accepted", new Json.Bool(assessment.accepted()))
            .with("claims", claims.map(VerdictJson::fields).orElse(Json.Obj.EMPTY))
            .with(
                "refusals",
                Json.Arr.of(assessment.refusals().stream().map(VerdictJson::refusal).toList()))
            .with("validFrom", instant(Window.opens(windows)))
            .with("validUntil", instant(Window.closes(windows)));
    return ascii(out.write()) + "\n";
  }

  private static Json.Obj fields(VerifiedClaims claims) {
    Map<String, Json> out = new LinkedHashMap<>();
    claims.fields().values().forEach((name, value) -> out.put(name, json(value)));
    return new Json.Obj(out);
  }

  private static Json json(Fields.Value value) {
    return switch (value) {
      case Fields.Value.Text(String text) -> new Json.Str(text);
      case Fields.Value.Count(long number) -> new Json.Int(number);
      case Fields.Value.Flag(boolean set) -> new Json.Bool(set);
      case Fields.Value.Texts(List<String> texts) -> strings(texts);
    };
  }

  private static Json.Obj refusal(Refusal r) {
    return Json.Obj.EMPTY
        .with("claim", r.claim())
        .with("expected", r.expected())
        .with("got", r.got())
        .with("source", r.source())
        .with("remedy", r.remedy());
  }

  private static Json.Arr strings(List<String> texts) {
    return Json.Arr.of(texts.stream().map(Json.Str::new).toList());
  }

  private static Json instant(Optional<Instant> instant) {
    return instant.<Json>map(i -> new Json.Str(i.toString())).orElse(Json.Null.NULL);
  }

  /** Read alike in every locale, and unable to move a terminal's cursor. */
  private static String ascii(String json) {
    StringBuilder out = new StringBuilder(json.length());
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c < 0x7f) {
        out.append(c);
      } else {
        out.append(String.format("\\u%04x", (int) c));
      }
    }
    return out.toString();
  }
}
