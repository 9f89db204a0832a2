/** Sending few events to Kafka within a request that waits for them. */
@NullMarked
package io.tollgate.ingest.delivery;

import org.jspecify.annotations.NullMarked;
