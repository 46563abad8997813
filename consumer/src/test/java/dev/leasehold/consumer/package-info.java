@NullMarked
package dev.leasehold.consumer;

import org.jspecify.annotations.NullMarked;
