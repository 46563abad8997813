package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The table {@code dek}: the keys of packages, wrapped. */
public final class Deks {
  private final Handle handle;

  Deks(Handle handle) {
    this.handle = handle;
  }

  public Optional<String> wrapped(Hash modelPackage) {
    return handle
        .createQuery("SELECT wrapped FROM dek WHERE package_hash = :hash")
        .bind("hash", modelPackage.hex())
        .mapTo(String.class)
        .findOne();
  }

  public boolean has(Id dek) {
    return handle
            .createQuery("SELECT COUNT(*) FROM dek WHERE dek_id = :id")
            .bind("id", dek.hex())
            .mapTo(Long.class)
            .one()
        > 0;
  }

  public void insert(Id dek, Hash modelPackage, String wrapped) {
    handle
        .createUpdate(
            "INSERT INTO dek (dek_id, package_hash, wrapped) VALUES (:id, :hash, :wrapped)")
        .bind("id", dek.hex())
        .bind("hash", modelPackage.hex())
        .bind("wrapped", wrapped)
        .execute();
  }
}
