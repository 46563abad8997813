package dev.leasehold.core.pki;

/**
 * Why a certificate path or a revocation list is not good: what was expected and what was found.
 */
public record Fault(String expected, String got, String remedy) {}
