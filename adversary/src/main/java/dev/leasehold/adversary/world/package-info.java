/** The honest part of a world: people, a real custodian, real enclaves, and how time passes. */
@NullMarked
package dev.leasehold.adversary.world;

import org.jspecify.annotations.NullMarked;
