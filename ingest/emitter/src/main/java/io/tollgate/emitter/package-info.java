/**
 * The library with which sources report usage to Kafka: it batches, retries, keeps order and doubles nothing within a
 * session, never holds its caller up for longer than told, and reports the fate of every event.
 */
@NullMarked
package io.tollgate.emitter;

import org.jspecify.annotations.NullMarked;
