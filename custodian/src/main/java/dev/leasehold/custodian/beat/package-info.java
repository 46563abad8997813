/** Heartbeats and finals: use that is proven, allowances that follow it (protocol §6.3, §6.4). */
@NullMarked
package dev.leasehold.custodian.beat;

import org.jspecify.annotations.NullMarked;
