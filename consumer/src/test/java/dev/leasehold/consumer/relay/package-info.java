@NullMarked
package dev.leasehold.consumer.relay;

import org.jspecify.annotations.NullMarked;
