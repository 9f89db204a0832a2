/** A trace file sent through the emitter, as a source would send its events. */
@NullMarked
package io.tollgate.cli.replay;

import org.jspecify.annotations.NullMarked;
