/** Enrolment: from a hello to the first grant and the sealed key (protocol §6.2). */
@NullMarked
package dev.leasehold.custodian.grant;

import org.jspecify.annotations.NullMarked;
