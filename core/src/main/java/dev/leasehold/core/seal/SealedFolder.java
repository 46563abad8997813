package dev.leasehold.core.seal;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The files of a sealed package on disk (protocol §5.1). */
public final class SealedFolder {
  public static final String CHUNKS = "chunks.bin";
  public static final String LEAVES = "leaves.bin";
  public static final String STATEMENT = "package.json";

  private SealedFolder() {}

  /** Puts the signed statement beside the chunks, or replaces it, in one step. */
  public static void writeStatement(Path folder, byte[] envelope) throws IOException {
    Path temporary = Files.createTempFile(folder, STATEMENT, ".tmp");
    try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
      writeFully(out, ByteBuffer.wrap(envelope));
      out.force(true);
    }
    Files.move(temporary, folder.resolve(STATEMENT), StandardCopyOption.ATOMIC_MOVE);
    sync(folder);
  }

  /** Reads chunks from the folder; the channel stays the caller's. */
  public static ChunkSource chunks(FileChannel chunksBin) {
    return (index, into) ->
        readFully(chunksBin, into, index * ChunkFormat.SEALED_BYTES, "chunk " + index);
  }

  static void readFully(FileChannel in, MemorySegment into, long position, String what)
      throws IOException {
    ByteBuffer buffer = into.asByteBuffer();
    while (buffer.hasRemaining()) {
      if (in.read(buffer, position + buffer.position()) < 0) {
        throw new EOFException(what + ": " + buffer.remaining() + " bytes missing");
      }
    }
  }

  static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  /** Makes the name of a file or folder durable in the folder that holds it. */
  static void syncName(Path named) throws IOException {
    Path holder = named.toAbsolutePath().getParent();
    if (holder != null) {
      sync(holder);
    }
  }

  /** Makes the names in a folder durable. */
  static void sync(Path folder) throws IOException {
    try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
      names.force(true);
    }
  }
}
