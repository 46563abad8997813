/** Orders of people and commands to enclaves (protocol §6.4). */
@NullMarked
package dev.leasehold.custodian.revoke;

import org.jspecify.annotations.NullMarked;
