/**
 * The hostile host, and what must hold against it: a real custodian and real enclaves in one
 * process, everything between them in the hands of somebody who wants to cheat, and one oracle that
 * looks after every step. Everything is drawn from one seed, and the same seed gives the same run.
 */
@NullMarked
package dev.leasehold.adversary;

import org.jspecify.annotations.NullMarked;
