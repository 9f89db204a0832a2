/** The HTTP edge: takes CloudEvents, answers when Kafka has them, and keeps what it refuses. */
@NullMarked
package io.tollgate.ingest.edge;

import org.jspecify.annotations.NullMarked;
