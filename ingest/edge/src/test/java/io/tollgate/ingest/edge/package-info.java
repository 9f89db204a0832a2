/** The edge over real HTTP and a real Kafka. */
@NullMarked
package io.tollgate.ingest.edge;

import org.jspecify.annotations.NullMarked;
