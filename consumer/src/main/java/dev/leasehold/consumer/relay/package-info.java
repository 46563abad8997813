/** The only connection of the proxy: to a relay, which is trusted for nothing. */
@NullMarked
package dev.leasehold.consumer.relay;

import org.jspecify.annotations.NullMarked;
