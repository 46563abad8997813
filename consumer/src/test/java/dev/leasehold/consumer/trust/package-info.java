@NullMarked
package dev.leasehold.consumer.trust;

import org.jspecify.annotations.NullMarked;
