/** The laws of the log: what was durable comes back, in order, and nothing else does. */
@NullMarked
package io.tollgate.emitter.spool;

import org.jspecify.annotations.NullMarked;
