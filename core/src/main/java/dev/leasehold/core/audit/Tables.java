package dev.leasehold.core.audit;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.InstanceState;
import dev.leasehold.core.lease.LeaseState;
import dev.leasehold.core.lease.Vec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One lease as the custodian's tables show it, unsigned. What the log says is compared where both
 * speak of the same moment: one version, one cseq, one seq; so neither may run ahead of the other.
 */
public record Tables(
    Id leaseId, long version, long cseq, LeaseState state, Vec budget, List<Row> instances) {

  /** One instance. */
  public record Row(Id instanceId, InstanceState state, long seq, Vec allow, Vec used) {
    /** Where both have heard the same last word of the enclave, both have the same numbers. */
    private void compare(Id lease, Report.InstanceAccount log, Findings findings) {
      boolean bothOpen = state.isUnresolved() && log.standing() == Report.Standing.UNRESOLVED;
      boolean bothClosed =
          state == InstanceState.CLOSED && log.standing() == Report.Standing.CLOSED;
      if (bothClosed || (bothOpen && seq == log.seq())) {
        findings.equal(
            Rule.TABLES,
            Findings.Subject.instance(lease, instanceId),
            words(log.allow(), log.used()),
            words(allow, used));
      }
    }
  }

  /** What contradicts the log. */
  public List<Finding> contradictions(Report.LeaseAccount log) {
    Findings findings = new Findings();
    Findings.Subject lease = Findings.Subject.lease(leaseId);
    if (version == log.version()) {
      findings.equal(Rule.TABLES, lease, log.budget(), budget);
    }
    if (cseq == log.lastCommand() && isComparable(state) && isComparable(log.state())) {
      findings.equal(Rule.TABLES, lease, log.state(), state);
    }
    Map<Id, Row> rows = new HashMap<>();
    instances.forEach(r -> rows.put(r.instanceId, r));
    for (Report.InstanceAccount i : log.instances()) {
      Row row = rows.get(i.instanceId());
      if (row == null) {
        findings.add(Rule.TABLES, lease, "instance " + i.instanceId(), "none");
      } else {
        row.compare(log.leaseId(), i, findings);
      }
    }
    return new ArrayList<>(findings.all());
  }

  /** Time alone ends a lease without a word in the log, and settling follows from what is there. */
  private static boolean isComparable(LeaseState state) {
    return switch (state) {
      case ACTIVE, SUSPENDED, REVOKED -> true;
      case DRAFT, EXPIRED, SETTLED -> false;
    };
  }

  private static String words(Vec allow, Vec used) {
    return "allow " + allow + ", used " + used;
  }
}
