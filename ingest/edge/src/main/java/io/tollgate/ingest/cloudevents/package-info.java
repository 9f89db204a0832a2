/**
 * Usage events as CloudEvents in JSON: a pure parser from bytes to an event or a named refusal, and the way back. It
 * knows no HTTP, no Kafka and no clock, so the edge and the replay share it.
 */
@NullMarked
package io.tollgate.ingest.cloudevents;

import org.jspecify.annotations.NullMarked;
