package dev.leasehold.custodian.collateral;

/**
 * An item that judging some evidence takes.
 *
 * @param required false when it only freshens what is at hand
 */
record Need(Item item, boolean required) {}
