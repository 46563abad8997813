package dev.leasehold.custodian.collateral;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.Codec;
import dev.leasehold.core.json.MaxBytes;
import dev.leasehold.core.json.StrictJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * A vendor's answer as it is stored and as it travels in a bundle: its bytes untouched, and what is
 * needed to ask again. It is evidence of nothing until it is proven.
 *
 * @param body as the vendor served it
 * @param chain the issuers' certificates where the vendor serves them beside the body, PEM, or
 *     empty
 * @param etag for the next conditional request, or empty
 * @param lastModified likewise
 * @param fetchedAt when the vendor last said it, milliseconds since 1970
 * @param expiresAt end of the first signed window in it to end, for people who read the file
 */
record Entry(
    long v,
    @MaxBytes(1_000) String id,
    Bytes body,
    @MaxBytes(64 << 10) String chain,
    String etag,
    String lastModified,
    long fetchedAt,
    long expiresAt) {
  static final int MAX_BYTES = 4 << 20;
  private static final int MAX_VALIDATOR = 500;
  private static final long VERSION = 1;

  Entry {
    if (v != VERSION) {
      throw new IllegalArgumentException("v: expected 1, found " + v);
    }
  }

  /** A fresh answer; a validator too long to keep is dropped, which costs one transfer. */
  static Entry of(Item item, Answer answer, String etag, String lastModified, Instant now) {
    return new Entry(
        VERSION,
        item.id(),
        answer.body(),
        answer.chain(),
        kept(etag),
        kept(lastModified),
        now.toEpochMilli(),
        0);
  }

  static Entry parse(String name, byte[] json) throws Malformed {
    return Codec.of(Entry.class).decode(name, StrictJson.parse(name, json, MAX_BYTES));
  }

  byte[] write() {
    return Codec.of(Entry.class).encode(this).write().getBytes(StandardCharsets.UTF_8);
  }

  Answer answer() {
    return new Answer(body, chain);
  }

  Instant fetched() {
    return Instant.ofEpochMilli(fetchedAt);
  }

  Entry expiring(Instant end) {
    return new Entry(v, id, body, chain, etag, lastModified, fetchedAt, end.toEpochMilli());
  }

  /** The vendor said again that this is current. */
  Entry confirmed(Instant now) {
    return new Entry(v, id, body, chain, etag, lastModified, now.toEpochMilli(), expiresAt);
  }

  private static String kept(String validator) {
    return validator.length() <= MAX_VALIDATOR ? validator : "";
  }

  /** What a vendor said, without when and how. */
  record Answer(Bytes body, String chain) {}
}
