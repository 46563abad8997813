package dev.leasehold.enclave.relay;

import dev.leasehold.core.dsse.Envelope;

/**
 * What came back through the relay. Nothing in it is believed yet: whoever asked opens the
 * signatures.
 */
public sealed interface Answer<B extends Record> {
  /** A bundle of the kind that was asked for. */
  record Reply<B extends Record>(B bundle) implements Answer<B> {}

  /** One envelope, which may be a signed problem. */
  record Refusal<B extends Record>(Envelope envelope) implements Answer<B> {}

  /** Anything else, or nothing: it means "try again" (protocol §7.2). */
  record Nothing<B extends Record>() implements Answer<B> {}
}
