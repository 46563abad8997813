package dev.leasehold.enclave.model;

import dev.leasehold.core.lease.Vec;
import java.time.Duration;

/**
 * What the scheduler needs to know of the lease to tell "wait for a grant" from "there will be
 * none".
 *
 * @param budget of the whole lease; an allowance never grows beyond it
 * @param heartbeat time between two grants
 */
public record LeaseLimits(Vec budget, Duration heartbeat) {}
