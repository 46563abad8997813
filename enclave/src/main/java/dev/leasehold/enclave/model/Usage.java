package dev.leasehold.enclave.model;

/**
 * What one request took.
 *
 * @param promptTokens tokens of the prompt after templating
 * @param outputTokens tokens made, whether shown or not
 */
public record Usage(int promptTokens, int outputTokens) {}
