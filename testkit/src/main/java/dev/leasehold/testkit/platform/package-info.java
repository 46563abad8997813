/**
 * The simulated confidential VM (protocol §17): measures a program, launches it and serves its
 * report requests through the files a Linux guest would find. SIMULATED: no confidentiality.
 */
@NullMarked
package dev.leasehold.testkit.platform;

import org.jspecify.annotations.NullMarked;
