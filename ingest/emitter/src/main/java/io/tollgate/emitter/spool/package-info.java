/**
 * A bounded first-in, first-out log on disk: what was reported durable survives the process and the machine, comes back
 * in order, and what the disk lost is counted. It knows nothing of Kafka nor of what its records mean.
 */
@NullMarked
package io.tollgate.emitter.spool;

import org.jspecify.annotations.NullMarked;
