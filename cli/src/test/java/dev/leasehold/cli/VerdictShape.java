package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.Json;
import java.util.List;

/** What every verdict in JSON looks like, whatever it says (docs/verify.md). */
final class VerdictShape {
  private static final List<String> MEMBERS =
      List.of(
          "kind",
          "genuine",
          "tcbStatus",
          "advisories",
          "accepted",
          "claims",
          "refusals",
          "validFrom",
          "validUntil");

  private VerdictShape() {}

  static void check(Json.Obj verdict) {
    assertThat(verdict.members().keySet()).containsExactlyElementsOf(MEMBERS);
    boolean genuine = verdict.get("genuine").orElseThrow().equals(new Json.Bool(true));
    boolean accepted = verdict.get("accepted").orElseThrow().equals(new Json.Bool(true));
    assertThat(verdict.get("tcbStatus").orElseThrow()).isInstanceOf(Json.Str.class);
    assertThat(Vectors.Case.items(verdict, "advisories")).allMatch(Json.Str.class::isInstance);
    assertThat(refused(verdict).isEmpty()).isEqualTo(accepted);
    for (Json r : Vectors.Case.items(verdict, "refusals")) {
      Json.Obj refusal = (Json.Obj) r;
      assertThat(refusal.members().keySet())
          .containsExactly("claim", "expected", "got", "source", "remedy");
      assertThat(refusal.members().values())
          .allMatch(v -> v instanceof Json.Str(String s) && !s.isBlank());
    }
    if (!genuine) {
      assertThat(accepted).isFalse();
      assertThat(verdict.get("claims")).contains(Json.Obj.EMPTY);
      assertThat(verdict.get("validFrom")).contains(Json.Null.NULL);
      assertThat(verdict.get("validUntil")).contains(Json.Null.NULL);
    }
  }

  /** The verdict of {@code --json}, which is the one expected of a vector, as is the exit code. */
  static Json.Obj agreed(Ran ran, Vectors.Case expected) throws Malformed {
    Json.Obj got = ran.json();
    check(got);
    assertThat(ran.code()).as(ran.out()).isEqualTo(expected.flag("acceptedByStrict") ? 0 : 1);
    assertThat(Vectors.Case.text(got, "genuine")).isEqualTo(expected.text("genuine"));
    assertThat(Vectors.Case.text(got, "accepted")).isEqualTo(expected.text("acceptedByStrict"));
    return got;
  }

  /** The claims that were refused, in order. */
  static List<String> refused(Json.Obj verdict) {
    return Vectors.Case.items(verdict, "refusals").stream()
        .map(r -> Vectors.Case.text((Json.Obj) r, "claim"))
        .toList();
  }
}
