package io.tollgate.ingest.edge;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.emitter.Emitter;
import io.tollgate.emitter.EmitterConfig;
import io.tollgate.emitter.SpoolConfig;
import io.tollgate.ingest.archive.Archive;
import io.tollgate.ingest.archive.CountedEvents;
import io.tollgate.ingest.corrections.Corrections;
import io.tollgate.ingest.delivery.Delivery;
import io.tollgate.ingest.http.ContentCodings;
import io.tollgate.ingest.rejected.Rejections;
import io.tollgate.ingest.rejected.Retry;
import io.tollgate.service.HttpService;
import io.tollgate.service.ServiceJson;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The edge as a running service. It starts also when Kafka is away, and until it is back spools, or answers 503 without a
 * spool. The topics must be there: {@code UsageTopics.ensure} creates them.
 */
public final class IngestService implements AutoCloseable {

    private static final Duration CLOSE = Duration.ofSeconds(6);
    /** The largest rejected event must fit, and then some. */
    private static final long BUFFER_MIN_BYTES = 24L << 20;

    private static final long BUFFER_MAX_BYTES = 64L << 20;
    private static final int HEAP_SHARE = 4;

    private static final String LINGER_MILLIS = "1";

    private final HttpService http;
    private final Emitter emitter;
    private final EdgeHealth health;
    private final Archive archive;

    private IngestService(HttpService http, Emitter emitter, EdgeHealth health, Archive archive) {
        this.http = http;
        this.emitter = emitter;
        this.health = health;
        this.archive = archive;
    }

    /** Starts on the system's clock. */
    public static IngestService start(IngestConfig config) {
        return start(config, InstantSource.system());
    }

    /** Starts on a given clock, which tells when events arrive. */
    public static IngestService start(IngestConfig config, InstantSource clock) {
        Archive archive = Archive.of(config.clickhouse());
        Duration patience = config.kafkaPatience();
        Emitter emitter = Emitter.create(emitter(config));
        MetricRegistry metrics = new MetricRegistry();
        EventIntake intake = new EventIntake(emitter, clock, patience, config.policy(), metrics);
        EdgeHealth health = new EdgeHealth(config, () -> emitter.counts().spool(), intake::refusing);
        try {
            Rejections rejections = new Rejections(archive);
            Delivery delivery = new Delivery(
                    emitter,
                    patience,
                    metrics.counter("ingest.events.accepted"),
                    metrics.counter("ingest.events.spooled"));
            if (config.spool().isPresent()) {
                SpoolGauges.register(emitter, clock, metrics);
            }
            EventsDoor door = new EventsDoor(intake, config, clock, metrics);
            HttpService http = HttpService.named("ingest")
                    .api(
                            "Tollgate ingest",
                            Optional.ofNullable(IngestService.class.getPackage().getImplementationVersion())
                                    .orElse("development"),
                            "Takes usage events as CloudEvents, and OpenTelemetry's spans, and answers when they are safe."
                                    + " Takes back what was counted, and shows what was kept out.")
                    .listenOn(config.listenOn())
                    .tokens(config.tokens())
                    .metrics(metrics)
                    .json(ServiceJson.strict())
                    .maxBodyBytes(EventsResource.BODY_BYTES_MAX)
                    .component(new ContentCodings())
                    .anyNameInPaths()
                    .resource(new EventsResource(door))
                    .resource(new OtlpResource(door, intake, config.otlp(), clock, metrics))
                    .component(new OtlpErrors())
                    .resource(new CorrectionsResource(
                            door,
                            new Corrections(new CountedEvents(archive), delivery),
                            config,
                            clock,
                            new UnknownFieldCounters(metrics)))
                    .resource(new RejectedEventsResource(
                            door,
                            rejections,
                            new Retry(rejections, delivery, config.policy(), config.otlp()),
                            config,
                            clock))
                    .healthCheck("kafka", health)
                    .healthCheck("archive", new ArchiveHealth(archive))
                    .start();
            return new IngestService(http, emitter, health, archive);
        } catch (RuntimeException e) {
            archive.close();
            health.close();
            emitter.close();
            throw e;
        }
    }

    /** A request waits for its events, and brings them together: to wait for more of them would only be lost time. */
    private static Map<String, String> settings(IngestConfig config) {
        Map<String, String> settings = new HashMap<>(Map.of(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS));
        settings.putAll(config.kafka());
        return settings;
    }

    private static EmitterConfig emitter(IngestConfig config) {
        Duration patience = config.kafkaPatience();
        long share = Runtime.getRuntime().maxMemory() / HEAP_SHARE;
        EmitterConfig emitter = EmitterConfig.to(config.bootstrapServers())
                .withClientId("tollgate-edge")
                // An event must have failed for good before its request gives up; the rest is for the first metadata.
                .withMaxBlock(patience.dividedBy(2))
                .withDeliveryTimeout(patience.multipliedBy(4).dividedBy(5))
                .withCloseTimeout(CLOSE)
                .withBufferBytes(Math.max(BUFFER_MIN_BYTES, Math.min(BUFFER_MAX_BYTES, share)))
                .withKafka(settings(config))
                .withSaltedTenants(
                        config.saltedTenants().tenants(), config.saltedTenants().keys());
        if (config.spool().isEmpty()) {
            return emitter;
        }
        // The request that notices that Kafka is away must be answered from the spool, in time.
        SpoolConfig spool = config.spool().get();
        Duration half = patience.dividedBy(2);
        return emitter.withSpool(spool.after().compareTo(half) > 0 ? spool.withAfter(half) : spool);
    }

    /** The base address of the API, without a slash at the end. */
    public URI applicationUri() {
        return http.applicationUri();
    }

    /** The base address of health and metrics. */
    public URI adminUri() {
        return http.adminUri();
    }

    /** Takes no more requests, lets running ones end, sends what is left. Idempotent. */
    @Override
    public void close() {
        http.close();
        emitter.close();
        health.close();
        archive.close();
    }
}
