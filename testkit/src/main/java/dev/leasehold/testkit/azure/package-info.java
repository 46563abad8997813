/**
 * A forger of Azure confidential VMs: a simulated paravisor on a simulated chip, right in
 * everything or wrong in exactly one named way. Everything it makes is SIMULATED.
 */
@NullMarked
package dev.leasehold.testkit.azure;

import org.jspecify.annotations.NullMarked;
