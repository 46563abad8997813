package dev.leasehold.core.lease;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.json.Wire;
import java.util.List;

/** A sealed model: what it is, how it is cut and what a unit of its work costs (protocol §6.1). */
public record ModelPackage(
    Id packageId,
    String name,
    String version,
    Format format,
    Id dekId,
    long chunkBytes,
    long chunkCount,
    long plainBytes,
    Hash ciphertextRoot,
    Hash modelDigest,
    Hash dekCommit,
    long maxContext,
    Flops flops,
    List<Hash> provenance,
    long issuedAt,
    List<Hash> approvals) {
  public static final long CHUNK_BYTES = 1_048_576;

  public ModelPackage {
    Rules.require(chunkBytes == CHUNK_BYTES, "chunkBytes: expected " + CHUNK_BYTES, chunkBytes);
    Rules.require(
        plainBytes >= 1 && chunkCount == (plainBytes + CHUNK_BYTES - 1) / CHUNK_BYTES,
        "chunkCount: expected plainBytes / chunkBytes rounded up",
        chunkCount + " for " + plainBytes + " bytes");
  }

  /** The file format inside the package. */
  public enum Format {
    @Wire("gguf")
    GGUF,
    @Wire("onnx")
    ONNX,
    @Wire("safetensors")
    SAFETENSORS
  }

  /** The price of work in megaflops (protocol §9.2). */
  public record Flops(
      long perRequest,
      long perBatchItem,
      long perInputToken,
      long perOutputToken,
      long perTokenPerKiContext) {}
}
