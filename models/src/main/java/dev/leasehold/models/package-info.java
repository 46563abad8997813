/** Trains the demonstration language model from plain text and writes it as GGUF. */
@NullMarked
package dev.leasehold.models;

import org.jspecify.annotations.NullMarked;
