package dev.leasehold.custodian.store;

import org.jdbi.v3.core.Handle;

/** What the steps of one transaction share: a connection, a time, and what is held. */
record Transaction(
    Database database, Handle handle, Bodies bodies, LogHead head, long now, Reach reach) {}
