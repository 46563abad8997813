package dev.leasehold.custodian;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.Codec;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Vec;

/** A lease under way to another: the same but for what is named as the statement names it. */
record Terms(Json.Obj json) {
  static Terms of(Lease lease) {
    return new Terms(Codec.of(Lease.class).encode(lease));
  }

  Terms named(Id id) {
    return new Terms(json.with("leaseId", id.hex()));
  }

  Terms with(String number, long value) {
    return new Terms(json.with(number, value));
  }

  Terms with(String amounts, Vec value) {
    return new Terms(json.with(amounts, Codec.of(Vec.class).encode(value)));
  }

  Terms streamed(Lease.Stream stream) {
    return new Terms(json.with("stream", Codec.of(Lease.Stream.class).encode(stream)));
  }

  Lease lease() {
    try {
      return Codec.of(Lease.class).decode("lease", json);
    } catch (Malformed e) {
      throw new IllegalArgumentException(e);
    }
  }
}
