package dev.leasehold.custodian;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.ModelPackage;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** A lease at a custodian that really runs, for the tests of programs that talk to it. */
public final class LivingLease implements AutoCloseable {
  /** One of its enclaves, which does as the test says. */
  public static final class Tenant {
    private final Enclave enclave;

    private Tenant(Enclave enclave) {
      this.enclave = enclave;
    }

    public Id id() {
      return enclave.id;
    }

    /** Reports this use. */
    public void beat(long outputTokens) {
      enclave.beat(outputTokens);
    }

    /** Stops, and says how much it used. */
    public void end(long outputTokens) {
      World.Answer answer = enclave.end(Owner.out(outputTokens));
      if (answer.status() != 200) {
        throw new AssertionError(answer.text());
      }
    }
  }

  private final World world;

  private LivingLease(World world) {
    this.world = world;
  }

  /** The lease of protocol §19 whose quorum is {@code threshold} of two approvers. */
  public static LivingLease start(Path folder, int threshold) throws Exception {
    return new LivingLease(
        new World(folder, threshold == 1 ? Template.SINGLE : Template.Two.TWO).lend());
  }

  /** An enclave behind a relay. */
  public Tenant tenantThrough(URI relay) throws Exception {
    return new Tenant(world.enclave().through(relay).enrolled());
  }

  /** The borrower's key BK. */
  public Ed25519Signer borrower() {
    return world.owner.bk;
  }

  /** The package that is lent. */
  public Signed<ModelPackage> modelPackage() {
    return world.modelPackage;
  }

  /** Revokes the lease in the operator's name. */
  public void revoke() {
    world.revoke();
  }

  /** SQL behind the custodian's back. */
  public void sql(String statement) throws SQLException {
    world.sql(statement);
  }

  public Tenant tenant() throws Exception {
    return new Tenant(world.enclave().enrolled());
  }

  public Id leaseId() {
    return world.leaseId();
  }

  public URI uri() {
    return world.uri();
  }

  public Hash pin() {
    return world.server.tlsCertificate();
  }

  public String platformId() {
    return world.chip.platformId();
  }

  public Ed25519Signer operator() {
    return world.owner.operator;
  }

  public List<Ed25519Signer> approvers() {
    return List.of(world.owner.approver, world.owner.second);
  }

  public List<KeyRecord> approverKeys() {
    return approvers().stream().map(Ed25519Signer::key).toList();
  }

  /** A token for the read-only views. */
  public String token() {
    return Custodian.operatorToken(world.folder);
  }

  /** Lets the custodian's clock advance. */
  public void pass(long ms) {
    world.clock.advance(ms);
  }

  @Override
  public void close() {
    world.close();
  }
}
