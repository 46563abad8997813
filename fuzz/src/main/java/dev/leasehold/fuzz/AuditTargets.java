package dev.leasehold.fuzz;

import dev.leasehold.core.audit.BundleHeader;
import dev.leasehold.core.audit.BundleLine;
import dev.leasehold.core.audit.BundleReader;
import dev.leasehold.core.audit.BundleWriter;
import dev.leasehold.core.audit.Scope;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.testkit.party.Parties;
import dev.leasehold.testkit.story.Actor;
import dev.leasehold.testkit.story.StoryTeller;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What one party hands another to be audited (docs/spec/audit-bundle.md). */
final class AuditTargets {
  static final List<Target> ALL =
      List.of(new Target("audit-bundle", AuditTargets::bundles, AuditTargets::bundle));

  private AuditTargets() {}

  private static List<byte[]> bundles() throws IOException {
    StoryTeller story = new StoryTeller().open();
    Actor enclave = story.enrol();
    story.beat(enclave, new Vec(1, 10, 100, 1_000));
    BundleHeader header = BundleHeader.of(Parties.LEASE_ID, story.now());
    return List.of(write(header, story.lines(Scope.RELAY)), write(header, List.of()));
  }

  private static byte[] write(BundleHeader header, List<BundleLine> lines) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BundleWriter writer = new BundleWriter(out, header);
    for (BundleLine line : lines) {
      writer.add(line);
    }
    writer.end();
    return out.toByteArray();
  }

  private static void bundle(byte[] input) throws Malformed {
    try {
      BundleReader reader = BundleReader.open(new ByteArrayInputStream(input));
      List<BundleLine> lines = new ArrayList<>();
      for (Optional<BundleLine> l = reader.next(); l.isPresent(); l = reader.next()) {
        lines.add(l.get());
      }
      Target.require(Arrays.equals(write(reader.header(), lines), input), "a bundle has one form");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
