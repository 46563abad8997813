package dev.leasehold.borrower.http;

import com.sun.net.httpserver.HttpExchange;
import dev.leasehold.borrower.carry.Answer;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.Statements;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A sealed package on disk, whose chunks enclaves fetch (protocol §5.1). It is ciphertext: the
 * relay could not read it, and the enclave notices any change to it.
 */
public final class PackageFolder {
  private static final long TAG_BYTES = 16;
  private static final long SEALED_CHUNK = ModelPackage.CHUNK_BYTES + TAG_BYTES;

  private final Path chunks;
  private final Hash hash;
  private final ModelPackage contents;

  private PackageFolder(Path chunks, Hash hash, ModelPackage contents) {
    this.chunks = chunks;
    this.hash = hash;
    this.contents = contents;
  }

  /** Reads {@code package.json} and checks that all of {@code chunks.bin} is there. */
  public static PackageFolder open(Path folder) throws IOException, Malformed {
    Path json = folder.resolve("package.json");
    Envelope envelope = Envelope.parse(json.toString(), Files.readAllBytes(json));
    ModelPackage contents = Statements.PACKAGE.decode(envelope.payload().toArray());
    Path chunks = folder.resolve("chunks.bin");
    long expected = contents.plainBytes() + contents.chunkCount() * TAG_BYTES;
    if (Files.size(chunks) != expected) {
      throw new Malformed(
          chunks.toString(), expected + " bytes (copy it again)", Files.size(chunks) + " bytes");
    }
    return new PackageFolder(chunks, envelope.hash(), contents);
  }

  /** H(package), to be compared with the lease. */
  public Hash hash() {
    return hash;
  }

  void send(HttpExchange exchange, String index) throws IOException {
    long i = index.matches("[0-9]{1,15}") ? Long.parseLong(index) : Long.MAX_VALUE;
    if (i >= contents.chunkCount()) {
      Http.send(
          exchange,
          Answer.unsigned(404, "No such chunk", "0 to " + (contents.chunkCount() - 1) + " exist"));
      return;
    }
    long offset = i * SEALED_CHUNK;
    try (FileChannel file = FileChannel.open(chunks)) {
      long length = Math.min(SEALED_CHUNK, file.size() - offset);
      exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
      exchange.sendResponseHeaders(200, length);
      try (OutputStream out = exchange.getResponseBody()) {
        file.transferTo(offset, length, Channels.newChannel(out));
      }
    }
  }
}
