/**
 * The strict JSON of the protocol (§4.1), ordinary JSON for client APIs, and records as schemas.
 */
@NullMarked
package dev.leasehold.core.json;

import org.jspecify.annotations.NullMarked;
