package dev.leasehold.core.hpke;

import dev.leasehold.core.bytes.Bytes;

/**
 * One HPKE message.
 *
 * @param enc the encapsulated key, 1120 bytes for X-Wing
 * @param ct ciphertext and tag
 */
public record Sealed(Bytes enc, Bytes ct) {}
