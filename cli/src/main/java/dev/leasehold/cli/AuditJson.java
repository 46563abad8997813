package dev.leasehold.cli;

import dev.leasehold.core.audit.Finding;
import dev.leasehold.core.audit.Report;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.json.Codec;
import dev.leasehold.core.json.Json;
import java.util.List;
import java.util.Optional;

/**
 * An audit for programs: the same members always, in the same order (docs/spec/audit-bundle.md).
 */
final class AuditJson {
  private AuditJson() {}

  static String write(Report r, Optional<Hash> pinned) {
    Json.Obj out =
        Json.Obj.EMPTY
            .with("consistent", new Json.Bool(r.isConsistent()))
            .with("scope", r.scope().name())
            .with("approverSet", r.approverSet().map(Hash::hex).orElse(""))
            .with("pinned", new Json.Bool(pinned.isPresent()))
            .with("statements", r.statements())
            .with("until", r.until())
            .with("borrowers", all(Report.BorrowerAccount.class, r.borrowers()))
            .with("leases", all(Report.LeaseAccount.class, r.leases()))
            .with("incidents", all(Report.IncidentLine.class, r.incidents()))
            .with("findings", Json.Arr.of(r.findings().stream().map(AuditJson::finding).toList()));
    return out.write() + "\n";
  }

  static Json.Obj finding(Finding f) {
    return Json.Obj.EMPTY
        .with("rule", f.rule().code())
        .with("section", f.rule().section())
        .with("severity", f.rule().severity().name())
        .with("against", f.rule().against().name())
        .with("leaseId", f.leaseId().map(Id::hex).orElse(""))
        .with("instanceId", f.instanceId().map(Id::hex).orElse(""))
        .with("expected", f.expected())
        .with("found", f.found())
        .with(
            "statements",
            Json.Arr.of(f.statements().stream().map(h -> new Json.Str(h.hex())).toList()))
        .with("proof", f.rule().proof());
  }

  private static <R extends Record> Json.Arr all(Class<R> type, List<R> records) {
    return Json.Arr.of(records.stream().map(r -> Codec.of(type).encode(r)).toList());
  }
}
