/** The command {@code tollgate}: its entry, its exit codes, and how it speaks of failures. */
@NullMarked
package io.tollgate.cli;

import org.jspecify.annotations.NullMarked;
