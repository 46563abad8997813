package dev.leasehold.custodian;

import java.nio.file.Path;

/**
 * Where the switch is pressed.
 *
 * @param world a custodian in a process of its own
 * @param consumption of that process and of this one
 * @param borrower a folder that {@link Tenant#prepare} made
 * @param streams on each enclave
 * @param perSecond words of each stream
 */
record Setting(World world, Consumption consumption, Path borrower, int streams, int perSecond) {}
