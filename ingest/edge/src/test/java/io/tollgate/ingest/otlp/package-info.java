/** Tests of OpenTelemetry's messages. */
@NullMarked
package io.tollgate.ingest.otlp;

import org.jspecify.annotations.NullMarked;
