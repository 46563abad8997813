package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import java.util.Optional;

/** The table {@code dek}: the keys of packages, wrapped. */
public final class Deks {
  private final Work work;

  Deks(Work work) {
    this.work = work;
  }

  public Optional<String> wrapped(Hash modelPackage) {
    return work.sql().text("SELECT wrapped FROM dek WHERE package_hash = ?", modelPackage.hex());
  }

  public boolean has(Id dek) {
    return work.sql().number("SELECT COUNT(*) FROM dek WHERE dek_id = ?", dek.hex()) > 0;
  }

  public void insert(Id dek, Hash modelPackage, String wrapped) {
    work.direct()
        .update(
            "INSERT INTO dek (dek_id, package_hash, wrapped) VALUES (?, ?, ?)",
            dek.hex(),
            modelPackage.hex(),
            wrapped);
  }
}
