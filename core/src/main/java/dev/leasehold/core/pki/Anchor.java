package dev.leasehold.core.pki;

import dev.leasehold.core.bytes.Hash;

/**
 * A root of trust: the SHA-256 of the whole DER certificate. Names are never compared: anybody can
 * mint a root with a vendor's name.
 */
public record Anchor(AnchorRole role, Hash certificate) {}
