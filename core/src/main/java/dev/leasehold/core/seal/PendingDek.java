package dev.leasehold.core.seal;

import dev.leasehold.core.bytes.ByteReader;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Set;

/**
 * The key of a package that the custodian has not imported yet, in a file that only its owner can
 * read. It names the index it was made for: sealing anything else under it would reuse nonces.
 *
 * <p>The file: {@code "leasehold/1/pending-dek" 00 ‖ packageId ‖ dekId ‖ SHA-256(index) ‖ DEK}. It
 * belongs outside the package folder, which is given away.
 */
public final class PendingDek implements AutoCloseable {
  private static final byte[] MAGIC =
      "leasehold/1/pending-dek\0".getBytes(StandardCharsets.US_ASCII);
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final int LENGTH = MAGIC.length + 2 * Id.BYTES + Hash.BYTES + AesGcm.KEY_BYTES;

  private final Path file;
  private final Id packageId;
  private final Id dekId;
  private final Hash index;
  private final SecretBytes dek;

  private PendingDek(Path file, Id packageId, Id dekId, Hash index, SecretBytes dek) {
    this.file = file;
    this.packageId = packageId;
    this.dekId = dekId;
    this.index = index;
    this.dek = dek;
  }

  /** Makes a key for one index and stores it durably; the file must not exist. */
  static PendingDek create(Path file, Hash index, SecureRandom random) throws IOException {
    return store(
        file,
        randomId(random),
        randomId(random),
        index,
        SecretBytes.random(AesGcm.KEY_BYTES, random));
  }

  static PendingDek store(Path file, Id packageId, Id dekId, Hash index, SecretBytes dek)
      throws IOException {
    PendingDek pending = new PendingDek(file, packageId, dekId, index, dek);
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel out =
        FileChannel.open(file, options, PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
      for (byte[] part : new byte[][] {MAGIC, packageId.bytes(), dekId.bytes(), index.bytes()}) {
        SealedFolder.writeFully(out, ByteBuffer.wrap(part));
      }
      SealedFolder.writeFully(out, dek.expose().asByteBuffer());
      out.force(true);
    }
    SealedFolder.syncName(file);
    return pending;
  }

  /** Reads a pending key; the caller closes it. */
  public static PendingDek read(Path file) throws IOException, Malformed {
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
    if (!mode.equals(OWNER_ONLY)) {
      throw new Malformed(
          "pending-dek.mode",
          PosixFilePermissions.toString(OWNER_ONLY),
          PosixFilePermissions.toString(mode));
    }
    if (Files.size(file) != LENGTH) {
      throw new Malformed("pending-dek", LENGTH + " bytes", Files.size(file) + " bytes");
    }
    byte[] bytes = Files.readAllBytes(file);
    try {
      ByteReader in = ByteReader.bigEndian("pending-dek", bytes);
      if (!Arrays.equals(in.bytes("magic", MAGIC.length), MAGIC)) {
        throw new Malformed("pending-dek.magic", "leasehold/1/pending-dek", "other bytes");
      }
      Id packageId = Id.of(in.bytes("packageId", Id.BYTES));
      Id dekId = Id.of(in.bytes("dekId", Id.BYTES));
      Hash index = Hash.of(in.bytes("index", Hash.BYTES));
      SecretBytes dek = SecretBytes.taking(in.bytes("dek", AesGcm.KEY_BYTES));
      in.end();
      return new PendingDek(file, packageId, dekId, index, dek);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  public Id packageId() {
    return packageId;
  }

  public Id dekId() {
    return dekId;
  }

  /** The key; closed together with this. */
  public SecretBytes dek() {
    return dek;
  }

  Hash index() {
    return index;
  }

  /** Removes the file: after import, or when the key must not be used again. */
  public void discard() throws IOException {
    close();
    try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
      SealedFolder.writeFully(out, ByteBuffer.allocate(LENGTH));
      out.force(true);
    }
    Files.delete(file);
    SealedFolder.syncName(file);
  }

  /** Overwrites the key in memory; the file stays. */
  @Override
  public void close() {
    dek.close();
  }

  private static Id randomId(SecureRandom random) {
    byte[] bytes = new byte[Id.BYTES];
    random.nextBytes(bytes);
    return Id.of(bytes);
  }
}
