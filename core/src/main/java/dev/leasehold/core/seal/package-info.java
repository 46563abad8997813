/** The sealed model: secrets with a type, AES-GCM, and the package format of protocol §5.1. */
@NullMarked
package dev.leasehold.core.seal;

import org.jspecify.annotations.NullMarked;
