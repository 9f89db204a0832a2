package io.tollgate.ingest.otlp;

import io.tollgate.ingest.cloudevents.Parsed;
import java.util.function.Supplier;

/**
 * What came of one span or data point.
 *
 * @param item the span or data point itself, by which {@link OtlpEvents#together} knows it
 * @param original it alone, with its resource and scope, as an OTLP request that can be sent again as it is: in JSON, or in
 *     Protobuf if JSON is larger than 16 MiB; of a body that could not be read, the body
 */
public record OtlpEvent(Parsed parsed, Object item, Supplier<byte[]> original) {}
