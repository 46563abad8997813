package dev.leasehold.custodian.grant;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.hpke.DekTransport;
import dev.leasehold.core.hpke.Hpke;
import dev.leasehold.core.hpke.Sealed;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.seal.DekMessage;
import dev.leasehold.core.seal.OpenFailed;
import dev.leasehold.core.seal.PackageValues;
import dev.leasehold.custodian.key.CustodianKeys;
import dev.leasehold.custodian.problem.ProblemType;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.standing.Standing;
import dev.leasehold.custodian.store.Reach;
import dev.leasehold.custodian.store.Tx;
import dev.leasehold.custodian.store.Writer;
import java.util.Arrays;

/** Takes the key of a registered package and keeps it wrapped (protocol §5, §7.1). */
public final class DekImport {
  /** {@code enc ‖ ct}: an encapsulated key, then {@code 01 ‖ dekId ‖ DEK} with its tag. */
  public static final int BODY_BYTES = Hpke.ENC_BYTES + 1 + 16 + 32 + Hpke.TAG_BYTES;

  private final Writer writer;
  private final CustodianKeys keys;

  public DekImport(Writer writer, CustodianKeys keys) {
    this.writer = writer;
    this.keys = keys;
  }

  public void accept(Id packageId, byte[] body) throws Rejected {
    if (body.length != BODY_BYTES) {
      throw new Rejected(
          ProblemType.MALFORMED,
          "body: expected " + BODY_BYTES + " bytes (enc ‖ ct), found " + body.length);
    }
    Sealed sealed =
        new Sealed(
            Bytes.of(Arrays.copyOf(body, Hpke.ENC_BYTES)),
            Bytes.of(Arrays.copyOfRange(body, Hpke.ENC_BYTES, body.length)));
    writer.run(Reach.NO_LEASE, tx -> accept(tx, packageId, sealed));
  }

  private Id accept(Tx tx, Id packageId, Sealed sealed) throws Rejected {
    Hash hash =
        Standing.modelPackage(tx, packageId)
            .orElseThrow(() -> Rejected.unknown("package " + packageId));
    if (tx.deks().wrapped(hash).isPresent()) {
      throw new Rejected(
          ProblemType.CONFLICT, "the key of package " + packageId + " is here already");
    }
    ModelPackage statement = Standing.modelPackage(tx, hash);
    try (DekMessage dek = DekTransport.openImport(keys.importKey(), hash, sealed)) {
      boolean committed =
          dek.dekId().equals(statement.dekId())
              && PackageValues.dekCommit(packageId, dek.dek()).equals(statement.dekCommit());
      if (!committed) {
        throw new Rejected(
            ProblemType.FORBIDDEN,
            "the key is not the one that package " + packageId + " commits to");
      }
      tx.deks().insert(dek.dekId(), hash, keys.kek().wrap(dek.dekId(), dek.dek()));
      return dek.dekId();
    } catch (OpenFailed e) {
      throw new Rejected(
          ProblemType.FORBIDDEN, "the message does not open as a key for package " + packageId);
    }
  }
}
