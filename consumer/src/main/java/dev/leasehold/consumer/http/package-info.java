/** The client APIs on loopback: OpenAI-compatible and Open Inference Protocol v2. */
@NullMarked
package dev.leasehold.consumer.http;

import org.jspecify.annotations.NullMarked;
