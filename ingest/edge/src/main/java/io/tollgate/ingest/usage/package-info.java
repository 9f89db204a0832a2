/**
 * Vendors' usage bodies to disjoint meters: a pure function from a body and the name of its format to amounts that add
 * up, or to a named refusal. It knows no HTTP, no Kafka and no clock.
 */
@NullMarked
package io.tollgate.ingest.usage;

import org.jspecify.annotations.NullMarked;
