/** The custodian's own keys and what is sealed or signed with them (protocol §2). */
@NullMarked
package dev.leasehold.custodian.key;

import org.jspecify.annotations.NullMarked;
