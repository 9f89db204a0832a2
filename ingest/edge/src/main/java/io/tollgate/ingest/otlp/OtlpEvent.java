package io.tollgate.ingest.otlp;

import io.tollgate.ingest.cloudevents.Parsed;
import java.util.function.Supplier;

/**
 * What came of one span or data point.
 *
 * @param original it alone, with its resource and scope, as an OTLP request in JSON, which can be sent again as it is; of
 *     a body that could not be read, the body
 */
public record OtlpEvent(Parsed parsed, Supplier<byte[]> original) {}
