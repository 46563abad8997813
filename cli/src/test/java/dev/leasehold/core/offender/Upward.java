package dev.leasehold.core.offender;

import dev.leasehold.cli.Leasehold;

/** Core that knows a module above it. */
record Upward(Leasehold above) {}
