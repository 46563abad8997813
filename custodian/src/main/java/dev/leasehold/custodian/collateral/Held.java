package dev.leasehold.custodian.collateral;

/** A stored answer that was proven. */
record Held(Entry entry, Proven proven) {}
