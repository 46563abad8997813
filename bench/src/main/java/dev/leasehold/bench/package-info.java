/** End-to-end measurements that print comparison tables. */
@NullMarked
package dev.leasehold.bench;

import org.jspecify.annotations.NullMarked;
