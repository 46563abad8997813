/**
 * Forged vendors' authorities: certificates, revocation lists and OCSP answers, right in everything
 * or wrong as they are told. Everything made here is SIMULATED.
 */
@NullMarked
package dev.leasehold.testkit.pki;

import org.jspecify.annotations.NullMarked;
