@NullMarked
package dev.leasehold.testkit.story;

import org.jspecify.annotations.NullMarked;
