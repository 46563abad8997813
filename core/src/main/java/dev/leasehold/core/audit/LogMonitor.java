package dev.leasehold.core.audit;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.json.Codec;
import dev.leasehold.core.json.StrictJson;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.log.Checkpoint;
import dev.leasehold.core.log.ConsistencyProof;
import dev.leasehold.core.log.EntryBundle;
import dev.leasehold.core.log.TilePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows a transparency log (protocol §10): each checkpoint extends the one before and is signed
 * by the roster's log key, the entries hash to it, and each entry is audited. What is accepted is
 * in the mirror first, so a monitor that stops goes on where it was.
 */
public final class LogMonitor {
  private static final int MAX_PROOF = 1 << 16;

  private final LogSource source;
  private final LogMirror mirror;
  private final Auditor auditor;
  private final GrowingTree tree = new GrowingTree();
  private final Findings findings = new Findings();
  private @Nullable Checkpoint accepted;

  private LogMonitor(LogSource source, LogMirror mirror, Optional<Hash> approverSet) {
    this.source = source;
    this.mirror = mirror;
    this.auditor = new Auditor(Scope.LOG, approverSet, this::rootAt);
  }

  /**
   * Goes on from what the mirror holds.
   *
   * @throws Malformed when the mirror does not hold what its own checkpoint says
   */
  public static LogMonitor open(LogSource source, LogMirror mirror, Optional<Hash> approverSet)
      throws IOException, Malformed {
    LogMonitor monitor = new LogMonitor(source, mirror, approverSet);
    Optional<String> note = mirror.checkpoint();
    if (note.isPresent()) {
      monitor.restore(Checkpoint.claimed(note.get()));
    }
    return monitor;
  }

  private void restore(Checkpoint saved) throws IOException, Malformed {
    mirror.read(0, saved.size(), tree::append);
    if (!tree.rootAt(saved.size()).equals(saved.root())) {
      throw new Malformed(
          "monitor state", "entries under root " + saved.root(), "other entries: begin anew");
    }
    audit(0, saved.size());
    accepted = saved;
  }

  /**
   * Asks for the newest checkpoint and takes what it covers.
   *
   * @return what is found now; nothing of a checkpoint with findings about itself is accepted
   */
  public List<Finding> poll() throws IOException {
    int before = findings.size();
    List<Finding> fresh = new ArrayList<>();
    String note = new String(source.fetch("checkpoint"), StandardCharsets.UTF_8);
    try {
      Checkpoint next = Checkpoint.claimed(note);
      if (isSigned(note) && extendsLast(next)) {
        fresh.addAll(take(next, note));
      }
    } catch (Malformed m) {
      breach(Rule.LOG_CHECKPOINT, m.field() + ": " + m.expected(), m.found());
    }
    if (findings.size() > before) {
      mirror.keepContradiction(note);
    }
    fresh.addAll(findings.since(before));
    return fresh;
  }

  /** Everything established so far. */
  public Report report() {
    Report r = auditor.report(0);
    List<Finding> all = new ArrayList<>(findings.all());
    all.addAll(r.findings());
    return r.withFindings(all);
  }

  /** Entries accepted. */
  public long size() {
    return accepted == null ? 0 : accepted.size();
  }

  /** The log key stands in the roster, and the first roster stands in the log: it comes first. */
  private boolean isSigned(String note) {
    Optional<Roster> roster = auditor.roster();
    if (roster.isEmpty()) {
      return true;
    }
    try {
      Checkpoint.parse(note, roster.get().log().origin(), roster.get().log().key());
      return true;
    } catch (Malformed m) {
      breach(Rule.LOG_CHECKPOINT, m.field() + ": " + m.expected(), m.found());
      return false;
    }
  }

  private boolean extendsLast(Checkpoint next) {
    Checkpoint last = accepted;
    if (last == null || next.size() > last.size()) {
      return true;
    }
    boolean same = next.size() == last.size() && next.root().equals(last.root());
    if (!same) {
      breach(
          Rule.LOG_CONSISTENCY,
          "an extension of size " + last.size() + ", root " + last.root(),
          "size " + next.size() + ", root " + next.root());
    }
    return false;
  }

  private List<Finding> take(Checkpoint next, String note) throws IOException {
    long from = size();
    try {
      fetch(from, next.size());
      if (!tree.rootAt(next.size()).equals(next.root())) {
        throw new Malformed("root", next.root().hex(), tree.rootAt(next.size()).hex());
      }
    } catch (Malformed m) {
      tree.cutTo(from);
      breach(ruleFor(next), m.field() + ": " + m.expected(), m.found());
      return List.of();
    } catch (IOException e) {
      // Half of it is no evidence against anybody: the next look begins where this one did.
      tree.cutTo(from);
      throw e;
    }
    try {
      List<Finding> found = audit(from, next.size());
      if (isSigned(note)) {
        mirror.accept(note);
      }
      accepted = next;
      return found;
    } catch (Malformed m) {
      throw new IllegalStateException(m);
    }
  }

  private void fetch(long from, long to) throws IOException, Malformed {
    for (long at = from; at < to; at = tree.size()) {
      TilePath path = TilePath.of(TilePath.ENTRIES, at / TilePath.FULL, to);
      EntryBundle bundle = EntryBundle.parse(source.fetch(path.text()), path.width());
      int known = (int) (at % TilePath.FULL);
      var fresh = bundle.entries().subList(known, bundle.entries().size());
      mirror.write(at, fresh);
      fresh.forEach(e -> tree.append(e.toArray()));
    }
  }

  /** Other entries under an honest root, or a root that forgets what was signed before. */
  private Rule ruleFor(Checkpoint next) {
    Checkpoint last = accepted;
    if (last == null || last.size() == 0) {
      return Rule.LOG_ENTRIES;
    }
    try {
      byte[] body = source.fetch("proof?from=" + last.size() + "&to=" + next.size());
      Codec.of(ConsistencyProof.class)
          .decode("proof", StrictJson.parse("proof", body, MAX_PROOF))
          .check(last, next);
      return Rule.LOG_ENTRIES;
    } catch (IOException | Malformed e) {
      return Rule.LOG_CONSISTENCY;
    }
  }

  private List<Finding> audit(long from, long to) throws IOException, Malformed {
    List<Finding> found = new ArrayList<>();
    mirror.read(from, to, entry -> found.addAll(audit(entry)));
    return found;
  }

  private List<Finding> audit(byte[] entry) {
    try {
      Envelope e = Envelope.parse("entry", entry);
      if (Arrays.equals(e.write().getBytes(StandardCharsets.UTF_8), entry)) {
        return auditor.take(e, 0);
      }
      breach(Rule.LOG_ENTRY_FORM, "the serialisation E(m)", "another spelling");
    } catch (Malformed m) {
      breach(Rule.LOG_ENTRY_FORM, m.field() + ": " + m.expected(), m.found());
    }
    return List.of();
  }

  private void breach(Rule rule, String expected, String found) {
    findings.add(rule, Findings.Subject.NONE, expected, found);
  }

  private Optional<Hash> rootAt(long size) {
    return size <= tree.size() ? Optional.of(tree.rootAt(size)) : Optional.empty();
  }
}
