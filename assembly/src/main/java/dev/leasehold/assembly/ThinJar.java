package dev.leasehold.assembly;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A published jar without its native libraries, so that nothing is unpacked at run time.
 *
 * <p>The result depends on the published jar only: entries are sorted, stored uncompressed (the
 * output of deflate differs between zlib versions) and carry one fixed time.
 */
final class ThinJar {
  private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

  private ThinJar() {}

  static byte[] of(ZipFile published) throws IOException {
    Map<String, byte[]> kept = new TreeMap<>();
    for (ZipEntry entry : published.stream().toList()) {
      if (entry.getName().matches("META-INF/[^/]+\\.(SF|RSA|DSA|EC)")) {
        throw new Refused(
            published.getName() + " is signed: taking entries out would break its signature.");
      }
      if (!entry.isDirectory() && !Natives.isNative(entry.getName())) {
        kept.put(entry.getName(), published.getInputStream(entry).readAllBytes());
      }
    }
    return write(kept);
  }

  private static byte[] write(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(stored(entry.getKey(), entry.getValue()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static ZipEntry stored(String name, byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    entry.setTimeLocal(EPOCH);
    return entry;
  }
}
