/**
 * Readers of public request traces: a file becomes a stream of lines that are either a usage event or a named fault. The
 * same file with the same dimensions gives the same events, so that a replay can be repeated at will.
 */
@NullMarked
package io.tollgate.cli.trace;

import org.jspecify.annotations.NullMarked;
