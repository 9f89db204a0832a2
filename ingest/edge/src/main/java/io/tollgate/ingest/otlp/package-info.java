/**
 * OpenTelemetry's messages to usage events: a pure mapping from spans and metrics of the GenAI conventions, and the two
 * encodings of OTLP over HTTP. It knows no HTTP, no Kafka and no clock.
 */
@NullMarked
package io.tollgate.ingest.otlp;

import org.jspecify.annotations.NullMarked;
