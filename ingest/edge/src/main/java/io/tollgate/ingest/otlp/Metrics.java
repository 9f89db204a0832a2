package io.tollgate.ingest.otlp;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.DataPointFlags;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.tollgate.emitter.rules.Fault;
import io.tollgate.emitter.rules.RejectionReason;
import io.tollgate.ingest.cloudevents.Parsed;
import io.tollgate.ingest.otlp.OtlpEvents.PassedOver;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code gen_ai.client.token.usage} to usage events: one event for each data point of a delta histogram, with the sum of
 * one kind of token. Cached tokens and reasoning are not told apart there, and a prompt's size is not told at all. Source:
 * OpenTelemetry semantic conventions 1.41, "Generative AI client metrics".
 */
public final class Metrics {

    private static final String TOKEN_USAGE = "gen_ai.client.token.usage";
    private static final Map<String, String> METERS =
            Map.of("input", "input_tokens", "output", "output_tokens", "completion", "output_tokens");
    /** Beyond it a double no longer tells whole numbers apart. */
    private static final BigDecimal EXACT_MAX = BigDecimal.valueOf(1L << 53);

    private final OtlpMapping mapping;
    private final Instant arrival;
    private final List<OtlpEvent> events = new ArrayList<>();
    private final Map<PassedOver, Integer> passedOver = new EnumMap<>(PassedOver.class);

    private Metrics(OtlpMapping mapping, Instant arrival) {
        this.mapping = mapping;
        this.arrival = arrival;
    }

    /**
     * Reads a request. Nothing that stands in it makes it throw.
     *
     * @param arrival when it came in, by the receiver's clock
     */
    public static OtlpEvents read(ExportMetricsServiceRequest request, OtlpMapping mapping, Instant arrival) {
        Metrics metrics = new Metrics(mapping, arrival);
        for (ResourceMetrics ofResource : request.getResourceMetricsList()) {
            Attributes.Named resource =
                    Attributes.Named.of(ofResource.getResource().getAttributesList());
            for (ScopeMetrics ofScope : ofResource.getScopeMetricsList()) {
                for (Metric metric : ofScope.getMetricsList()) {
                    metrics.read(new Series(metric, resource, ofScope, ofResource));
                }
            }
        }
        return new OtlpEvents(metrics.events, items -> together(request, items), metrics.passedOver);
    }

    private static byte[] together(ExportMetricsServiceRequest request, Set<Object> wanted) {
        ExportMetricsServiceRequest.Builder some = ExportMetricsServiceRequest.newBuilder();
        for (ResourceMetrics ofResource : request.getResourceMetricsList()) {
            ResourceMetrics.Builder resource = ofResource.toBuilder().clearScopeMetrics();
            for (ScopeMetrics ofScope : ofResource.getScopeMetricsList()) {
                ScopeMetrics.Builder scope = ofScope.toBuilder().clearMetrics();
                ofScope.getMetricsList().forEach(metric -> only(metric, wanted).ifPresent(scope::addMetrics));
                if (scope.getMetricsCount() > 0) {
                    resource.addScopeMetrics(scope);
                }
            }
            if (resource.getScopeMetricsCount() > 0) {
                some.addResourceMetrics(resource);
            }
        }
        return OtlpEncoding.kept(some.build());
    }

    private static Optional<Metric> only(Metric metric, Set<Object> wanted) {
        if (wanted.contains(metric)) {
            return Optional.of(metric);
        }
        List<HistogramDataPoint> points = metric.getHistogram().getDataPointsList().stream()
                .filter(wanted::contains)
                .toList();
        if (!points.isEmpty()) {
            return Optional.of(metric.toBuilder()
                    .setHistogram(
                            metric.getHistogram().toBuilder().clearDataPoints().addAllDataPoints(points))
                    .build());
        }
        List<ExponentialHistogramDataPoint> others = metric.getExponentialHistogram().getDataPointsList().stream()
                .filter(wanted::contains)
                .toList();
        return others.isEmpty()
                ? Optional.empty()
                : Optional.of(metric.toBuilder()
                        .setExponentialHistogram(metric.getExponentialHistogram().toBuilder()
                                .clearDataPoints()
                                .addAllDataPoints(others))
                        .build());
    }

    /** A metric and where it stands. */
    private record Series(Metric metric, Attributes.Named resource, ScopeMetrics scope, ResourceMetrics all) {

        byte[] alone(Metric point) {
            ScopeMetrics one =
                    scope.toBuilder().clearMetrics().addMetrics(point).build();
            return OtlpEncoding.kept(ExportMetricsServiceRequest.newBuilder()
                    .addResourceMetrics(all.toBuilder().clearScopeMetrics().addScopeMetrics(one))
                    .build());
        }
    }

    /**
     * One data point of either kind of histogram.
     *
     * @param sum what it says, as decimal: exactly the double, or absent if there is none or it is no number
     * @param item itself
     * @param alone the metric with this point only
     */
    private record Point(
            List<KeyValue> attributes,
            long start,
            long end,
            boolean recorded,
            Optional<BigDecimal> sum,
            AggregationTemporality temporality,
            Object item,
            Metric alone) {

        static Point of(Metric metric, HistogramDataPoint point) {
            return new Point(
                    point.getAttributesList(),
                    point.getStartTimeUnixNano(),
                    point.getTimeUnixNano(),
                    recorded(point.getFlags()),
                    point.hasSum() && Double.isFinite(point.getSum())
                            ? Optional.of(new BigDecimal(point.getSum()))
                            : Optional.empty(),
                    metric.getHistogram().getAggregationTemporality(),
                    point,
                    metric.toBuilder()
                            .setHistogram(metric.getHistogram().toBuilder()
                                    .clearDataPoints()
                                    .addDataPoints(point))
                            .build());
        }

        static Point of(Metric metric, ExponentialHistogramDataPoint point) {
            return new Point(
                    point.getAttributesList(),
                    point.getStartTimeUnixNano(),
                    point.getTimeUnixNano(),
                    recorded(point.getFlags()),
                    point.hasSum() && Double.isFinite(point.getSum())
                            ? Optional.of(new BigDecimal(point.getSum()))
                            : Optional.empty(),
                    metric.getExponentialHistogram().getAggregationTemporality(),
                    point,
                    metric.toBuilder()
                            .setExponentialHistogram(metric.getExponentialHistogram().toBuilder()
                                    .clearDataPoints()
                                    .addDataPoints(point))
                            .build());
        }

        private static boolean recorded(int flags) {
            return (flags & DataPointFlags.DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK_VALUE) == 0;
        }
    }

    private void read(Series series) {
        Metric metric = series.metric();
        boolean tokens = metric.getName().equals(TOKEN_USAGE);
        if (!tokens || mapping.metrics() == OtlpMapping.MetricsUse.IGNORED) {
            passOver(tokens ? PassedOver.METRIC_IGNORED : PassedOver.NO_USAGE, points(metric));
            return;
        }
        metric.getHistogram().getDataPointsList().forEach(point -> read(Point.of(metric, point), series));
        metric.getExponentialHistogram().getDataPointsList().forEach(point -> read(Point.of(metric, point), series));
        if (!metric.hasHistogram() && !metric.hasExponentialHistogram()) {
            Fault fault = new Fault(RejectionReason.WRONG_TYPE, TOKEN_USAGE + " is no histogram.");
            events.add(new OtlpEvent(
                    new Parsed.Rejected(fault.reason(), fault.explanation(), Optional.empty()),
                    metric,
                    () -> series.alone(metric)));
        }
    }

    private void passOver(PassedOver why, int points) {
        if (points > 0) {
            passedOver.merge(why, points, Integer::sum);
        }
    }

    private static int points(Metric metric) {
        return switch (metric.getDataCase()) {
            case GAUGE -> metric.getGauge().getDataPointsCount();
            case SUM -> metric.getSum().getDataPointsCount();
            case HISTOGRAM -> metric.getHistogram().getDataPointsCount();
            case EXPONENTIAL_HISTOGRAM -> metric.getExponentialHistogram().getDataPointsCount();
            case SUMMARY -> metric.getSummary().getDataPointsCount();
            case DATA_NOT_SET -> 0;
        };
    }

    private void read(Point point, Series series) {
        Attributes attributes = new Attributes(Attributes.Named.of(point.attributes()), series.resource());
        GenAi genAi = new GenAi(mapping, attributes);
        if (!point.recorded()) {
            passOver(PassedOver.NO_USAGE, 1);
        } else if (genAi.isWrapper()) {
            passOver(PassedOver.WRAPPER, 1);
        } else {
            events.add(new OtlpEvent(
                    event(point, series, attributes, genAi), point.item(), () -> series.alone(point.alone())));
        }
    }

    private Parsed event(Point point, Series series, Attributes attributes, GenAi genAi) {
        if (point.temporality() != AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA) {
            // What is new in a running total is known only to who has seen all that came before it.
            attributes.fault(RejectionReason.NOT_DELTA, TOKEN_USAGE + " is not of delta temporality.");
        }
        Instant time = genAi.time("timeUnixNano", point.end());
        genAi.time("startTimeUnixNano", point.start());
        Optional<String> type = attributes.text("span:gen_ai.token.type");
        String meter = METERS.getOrDefault(type.orElse(""), "");
        if (meter.isEmpty()) {
            attributes.fault(
                    RejectionReason.UNKNOWN_METER,
                    "gen_ai.token.type is " + type.map(Fault::shown).orElse("missing")
                            + "; known are input and output.");
        }
        long amount = amount(point, attributes);
        String id = PointId.of(
                series.all().getResource().getAttributesList(),
                series.scope().getScope().getName(),
                series.scope().getScope().getVersion(),
                point.attributes(),
                point.start(),
                point.end());
        // A prompt's size is not told; the sum of many prompts would be in a band of prices that none of them is in.
        return genAi.event(id, time, Map.of(meter, amount), 0, Optional.empty(), arrival);
    }

    private static long amount(Point point, Attributes attributes) {
        if (point.sum().isEmpty()) {
            attributes.fault(RejectionReason.USAGE_FIELD_MISSING, "The data point has no sum.");
            return 0;
        }
        BigDecimal sum = point.sum().get();
        String is = "The sum is " + Fault.shown(sum.toString()) + ".";
        if (sum.signum() < 0) {
            attributes.fault(RejectionReason.NEGATIVE_QUANTITY, is);
        } else if (sum.compareTo(EXACT_MAX) > 0) {
            attributes.fault(RejectionReason.INTEGER_OUT_OF_RANGE, is + " Beyond 2^53 it is not exact.");
        } else if (sum.stripTrailingZeros().scale() > 0) {
            attributes.fault(RejectionReason.NOT_AN_INTEGER, is);
        } else {
            return sum.longValueExact();
        }
        return 0;
    }
}
