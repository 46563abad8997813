package dev.leasehold.consumer.ask;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.stream.InferRequest.Api;
import dev.leasehold.core.stream.InferRequest.Delivery;

/**
 * What a client asked of the proxy.
 *
 * @param maxOutputTokens 0 for none
 * @param jsonBytes {@code Inference-Header-Content-Length}; 0 for none
 * @param body as the client sent it
 */
public record Question(
    Api api, String model, Delivery delivery, long maxOutputTokens, long jsonBytes, Bytes body) {}
