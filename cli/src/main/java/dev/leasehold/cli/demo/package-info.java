/**
 * The {@code demo} verb: the whole story on one machine, on a simulated platform. The only package
 * of a production artefact that sees the testkit.
 */
@NullMarked
package dev.leasehold.cli.demo;

import org.jspecify.annotations.NullMarked;
