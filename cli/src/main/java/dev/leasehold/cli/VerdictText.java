package dev.leasehold.cli;

import dev.leasehold.core.appraise.Assessment;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.EvidenceKind;
import dev.leasehold.core.evidence.Fields;
import dev.leasehold.core.evidence.Refusal;
import dev.leasehold.core.pki.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A verdict for people: in words, then check by check, then what the evidence says. */
final class VerdictText {
  private static final int FIELDS_SHOWN = 40;

  private final EvidenceKind kind;
  private final Assessment assessment;
  private final Instant at;
  private final StringBuilder out = new StringBuilder();

  private VerdictText(EvidenceKind kind, Assessment assessment, Instant at) {
    this.kind = kind;
    this.assessment = assessment;
    this.at = at;
  }

  static String write(EvidenceKind kind, Assessment assessment, Instant at) {
    return new VerdictText(kind, assessment, at).write();
  }

  private String write() {
    line(verdict());
    line("");
    out.append(checks());
    assessment
        .claims()
        .ifPresent(c -> {
          says(c.fields().values());
          holds(c.windows());
        });
    return out.toString();
  }

  private String verdict() {
    int all = assessment.checks().size();
    if (assessment.accepted()) {
      return "ACCEPTED: genuine " + kind.word() + " evidence; all " + all + " checks hold at " + at;
    }
    List<Refusal> refusals = assessment.refusals();
    String names = refusals.stream().map(Refusal::claim).collect(Collectors.joining(", "));
    return assessment.genuine()
        ? "REFUSED: genuine "
            + kind.word()
            + " evidence, but "
            + refusals.size()
            + " of "
            + all
            + " checks failed at "
            + at
            + ": "
            + names
        : "REFUSED: not shown to be genuine "
            + kind.word()
            + " evidence at "
            + at
            + ("; believe nothing it says. Failed: " + names);
  }

  private String checks() {
    TextTable table = new TextTable(21, 34, 34, 7, 26);
    table.row("claim", "expected", "found", "verdict", "source");
    for (Check c : assessment.checks()) {
      // What failed is shown in full: two values may differ just where a short form has its gap.
      table.row(
          c.claim(),
          c.ok() ? Printable.shortened(c.expected()) : c.expected(),
          c.ok() ? Printable.shortened(c.got()) : c.got(),
          c.ok() ? "ok" : "REFUSED",
          c.source());
      if (!c.ok()) {
        table.note("what to do: " + c.remedy());
      }
    }
    return table.toString();
  }

  private void says(Map<String, Fields.Value> fields) {
    line("");
    line("The evidence says");
    fields.entrySet().stream()
        .limit(FIELDS_SHOWN)
        .forEach(f -> line(String.format("  %-20s %s", f.getKey(), words(f.getValue()))));
    if (fields.size() > FIELDS_SHOWN) {
      line("  … and " + (fields.size() - FIELDS_SHOWN) + " more; --json prints all, in full");
    }
  }

  private static String words(Fields.Value value) {
    return Printable.shortened(
        switch (value) {
          case Fields.Value.Text(String text) -> text;
          case Fields.Value.Count(long number) -> Long.toString(number);
          case Fields.Value.Flag(boolean set) -> set ? "yes" : "no";
          case Fields.Value.Texts(List<String> texts) -> String.join(", ", texts);
        });
  }

  private void holds(List<Window> windows) {
    line("");
    line("This rests on");
    windows.stream()
        .sorted(Comparator.comparing(Window::notAfter))
        .forEach(w ->
            line(
                String.format(
                    "  until %s  %6d days left  %s",
                    w.notAfter().atOffset(ZoneOffset.UTC).toLocalDate(),
                    Duration.between(at, w.notAfter()).toDays(),
                    w.what())));
  }

  private void line(String text) {
    out.append(Printable.safe(text)).append('\n');
  }
}
