package dev.leasehold.core.seal;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.ModelPackage;

/**
 * What a package statement says about its ciphertext: what sealing yields, and all that opening
 * trusts (protocol §5.1, §6.1).
 *
 * @param packageId binds every chunk to this package
 * @param dekId names the key at the custodian
 * @param chunkCount chunks in {@code chunks.bin}
 * @param plainBytes length of the plaintext stream
 * @param ciphertextRoot tree over the chunks as stored
 * @param modelDigest tree over the files
 * @param dekCommit commitment to the key
 */
public record PackageValues(
    Id packageId,
    Id dekId,
    long chunkCount,
    long plainBytes,
    Hash ciphertextRoot,
    Hash modelDigest,
    Hash dekCommit) {

  public static PackageValues of(ModelPackage statement) {
    return new PackageValues(
        statement.packageId(),
        statement.dekId(),
        statement.chunkCount(),
        statement.plainBytes(),
        statement.ciphertextRoot(),
        statement.modelDigest(),
        statement.dekCommit());
  }

  /** {@code D("leasehold/1/dek", packageId ‖ DEK)} (protocol §4.3). */
  public static Hash dekCommit(Id packageId, SecretBytes dek) {
    return dek.exposeTo(key -> Digests.domain("leasehold/1/dek", packageId.bytes(), key));
  }
}
