package io.tollgate.ingest.otlp;

import static io.tollgate.ingest.otlp.Otlp.accepted;
import static io.tollgate.ingest.otlp.Otlp.attribute;
import static io.tollgate.ingest.otlp.Otlp.attributes;
import static io.tollgate.ingest.otlp.Otlp.meters;
import static io.tollgate.ingest.otlp.Otlp.rejected;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.tollgate.emitter.rules.RejectionReason;
import io.tollgate.events.UsageEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code gen_ai.client.token.usage}. */
class MetricsTest {

    private static final OtlpMapping USAGE = OtlpMapping.DEFAULT.withMetrics(OtlpMapping.MetricsUse.USAGE);
    private static final Map<String, Object> INPUT = Map.of(
            "gen_ai.operation.name", "chat",
            "gen_ai.provider.name", "openai",
            "gen_ai.request.model", "gpt-4o",
            "gen_ai.token.type", "input");

    private static HistogramDataPoint.Builder point(double sum) {
        return HistogramDataPoint.newBuilder()
                .addAllAttributes(attributes(INPUT))
                .setStartTimeUnixNano(Otlp.END - 60_000_000_000L)
                .setTimeUnixNano(Otlp.END)
                .setCount(3)
                .setSum(sum);
    }

    private static ExportMetricsServiceRequest request(Metric.Builder metric) {
        ExportMetricsServiceRequest.Builder request = ExportMetricsServiceRequest.newBuilder();
        request.addResourceMetricsBuilder()
                .setResource(Otlp.resource())
                .addScopeMetricsBuilder()
                .addMetrics(metric);
        return request.build();
    }

    private static ExportMetricsServiceRequest request(
            AggregationTemporality temporality, HistogramDataPoint.Builder... points) {
        Histogram.Builder histogram = Histogram.newBuilder().setAggregationTemporality(temporality);
        for (HistogramDataPoint.Builder point : points) {
            histogram.addDataPoints(point);
        }
        return request(Metric.newBuilder().setName("gen_ai.client.token.usage").setHistogram(histogram));
    }

    private static OtlpEvents read(HistogramDataPoint.Builder... points) {
        return Metrics.read(request(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA, points), USAGE, Otlp.ARRIVAL);
    }

    @Test
    void byDefaultMetricsAreLeftToSpans() {
        OtlpEvents read = Metrics.read(
                request(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE, point(1), point(2)),
                OtlpMapping.DEFAULT,
                Otlp.ARRIVAL);
        assertThat(read.events()).isEmpty();
        assertThat(read.passedOver()).isEqualTo(Map.of(OtlpEvents.PassedOver.METRIC_IGNORED, 2));
    }

    @Test
    void aDeltaIsUsageAndItsIdentityIsItsStreamAndItsSpanOfTime() {
        UsageEvent event = accepted(read(point(300)));
        assertThat(meters(event)).isEqualTo("context=0 input_tokens=300");
        assertThat(event.getTime()).isEqualTo(Instant.parse("2026-11-16T18:17:03.979960Z"));
        assertThat(event.getSource()).isEqualTo("otlp:shop/search");
        assertThat(event.getDimensions().getTenant()).isEqualTo("acme");
        assertThat(event.getDimensions().getModel()).isEqualTo("gpt-4o");
        HistogramDataPoint.Builder otherOrder = point(300).clearAttributes();
        List<KeyValue> reversed = new ArrayList<>(point(300).getAttributesList());
        Collections.reverse(reversed);
        otherOrder.addAllAttributes(reversed);
        assertThat(accepted(read(otherOrder)).getId()).isEqualTo(event.getId()).matches("[0-9a-f]{64}");
        assertThat(accepted(read(point(300).setTimeUnixNano(Otlp.END + 1))).getId())
                .isNotEqualTo(event.getId());
        assertThat(accepted(read(point(300).addAttributes(attribute("server.address", "a"))))
                        .getId())
                .isNotEqualTo(event.getId());
    }

    @Test
    void theOtherKindOfTokenAndTheOtherKindOfHistogram() {
        Metric.Builder metric = Metric.newBuilder()
                .setName("gen_ai.client.token.usage")
                .setExponentialHistogram(ExponentialHistogram.newBuilder()
                        .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA)
                        .addDataPoints(ExponentialHistogramDataPoint.newBuilder()
                                .addAllAttributes(attributes(Map.of(
                                        "gen_ai.operation.name", "chat",
                                        "gen_ai.provider.name", "openai",
                                        "gen_ai.response.model", "gpt-4o",
                                        "gen_ai.token.type", "output")))
                                .setStartTimeUnixNano(Otlp.END - 1)
                                .setTimeUnixNano(Otlp.END)
                                .setSum(9_007_199_254_740_992.0)));
        assertThat(meters(accepted(Metrics.read(request(metric), USAGE, Otlp.ARRIVAL))))
                .as("2^53 is still exact")
                .isEqualTo("context=0 output_tokens=9007199254740992");
    }

    private static void refused(RejectionReason reason, String words, OtlpEvents read) {
        assertThat(rejected(read).detail()).contains(words);
        assertThat(rejected(read).reason()).isEqualTo(reason);
        ExportMetricsServiceRequest.Builder again = ExportMetricsServiceRequest.newBuilder();
        assertThat(OtlpEncoding.JSON.read(read.events().get(0).original().get(), again))
                .isEmpty();
        assertThat(rejected(Metrics.read(again.build(), USAGE, Otlp.ARRIVAL))).isEqualTo(rejected(read));
    }

    @Test
    void whatIsNoDeltaOrNotExactIsRefused() {
        refused(
                RejectionReason.NOT_DELTA,
                "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=delta",
                Metrics.read(
                        request(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE, point(1)),
                        USAGE,
                        Otlp.ARRIVAL));
        refused(RejectionReason.NOT_AN_INTEGER, "The sum is '1.5'", read(point(1.5)));
        refused(RejectionReason.NEGATIVE_QUANTITY, "The sum is '-1'", read(point(-1)));
        refused(RejectionReason.INTEGER_OUT_OF_RANGE, "2^53", read(point(9_007_199_254_740_994.0)));
        refused(RejectionReason.INTEGER_OUT_OF_RANGE, "2^53", read(point(1e300)));
        refused(RejectionReason.USAGE_FIELD_MISSING, "no sum", read(point(1).clearSum()));
        refused(RejectionReason.USAGE_FIELD_MISSING, "no sum", read(point(Double.NaN)));
        refused(
                RejectionReason.MISSING_ATTRIBUTE,
                "startTimeUnixNano is missing",
                read(point(1).setStartTimeUnixNano(0)));
        refused(
                RejectionReason.UNKNOWN_METER,
                "gen_ai.token.type is missing",
                read(point(1).clearAttributes()
                        .addAllAttributes(attributes(Map.of(
                                "gen_ai.operation.name", "chat",
                                "gen_ai.provider.name", "openai",
                                "gen_ai.request.model", "gpt-4o")))));
        Metric.Builder gauge = Metric.newBuilder().setName("gen_ai.client.token.usage");
        gauge.getGaugeBuilder().addDataPoints(NumberDataPoint.newBuilder().setAsInt(5));
        refused(RejectionReason.WRONG_TYPE, "is no histogram", Metrics.read(request(gauge), USAGE, Otlp.ARRIVAL));
    }

    @Test
    void otherMetricsAndGapsArePassedOver() {
        Metric.Builder other = Metric.newBuilder().setName("gen_ai.client.operation.duration");
        other.getHistogramBuilder().addDataPoints(point(1)).addDataPoints(point(2));
        assertThat(Metrics.read(request(other), USAGE, Otlp.ARRIVAL).passedOver())
                .isEqualTo(Map.of(OtlpEvents.PassedOver.NO_USAGE, 2));
        assertThat(read(point(0).setFlags(1)).passedOver()).isEqualTo(Map.of(OtlpEvents.PassedOver.NO_USAGE, 1));
    }
}
