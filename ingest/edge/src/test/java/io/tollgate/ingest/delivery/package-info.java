/** Sending without a Kafka. */
@NullMarked
package io.tollgate.ingest.delivery;

import org.jspecify.annotations.NullMarked;
