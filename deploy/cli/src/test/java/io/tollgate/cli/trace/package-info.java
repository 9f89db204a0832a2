/** The laws of reading traces. */
@NullMarked
package io.tollgate.cli.trace;

import org.jspecify.annotations.NullMarked;
