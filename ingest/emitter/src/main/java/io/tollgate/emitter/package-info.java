/**
 * The library with which sources report usage to Kafka: it batches, retries, keeps order and doubles nothing within a
 * session, never holds its caller up for longer than told, keeps on disk what Kafka does not take, and reports the fate of every
 * event.
 */
@NullMarked
package io.tollgate.emitter;

import org.jspecify.annotations.NullMarked;
