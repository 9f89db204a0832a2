package io.tollgate.ingest.edge;

import io.tollgate.emitter.SaltedTenants;
import io.tollgate.emitter.SpoolConfig;
import io.tollgate.ingest.http.InFlight;
import io.tollgate.ingest.otlp.OtlpMapping;
import io.tollgate.ingest.policy.EventPolicy;
import io.tollgate.service.ListenOn;
import io.tollgate.service.Role;
import io.tollgate.service.Tokens;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the edge needs to run: where Kafka is, where it listens, whose tokens it takes; the rest has defaults. Immutable. */
public final class IngestConfig {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PATIENCE_MIN = Duration.ofSeconds(1);

    private final String bootstrapServers;
    private final ListenOn listenOn;
    private final Tokens tokens;
    private Duration kafkaPatience = PATIENCE;
    private Map<String, String> kafka = Map.of();
    private EventPolicy policy = EventPolicy.DEFAULT;
    private Set<Role> mayBackfill = Set.of(Role.ADMIN, Role.PLATFORM);
    private InFlight.Limits inFlight = InFlight.Limits.usual();
    private Optional<SpoolConfig> spool = Optional.empty();
    private SaltedTenants saltedTenants = SaltedTenants.NONE;
    private Path largeBodies = Path.of(System.getProperty("java.io.tmpdir"));
    private OtlpMapping otlp = OtlpMapping.DEFAULT;
    private Optional<String> clickhouse = Optional.empty();

    private IngestConfig(String bootstrapServers, ListenOn listenOn, Tokens tokens) {
        this.bootstrapServers = bootstrapServers;
        this.listenOn = listenOn;
        this.tokens = tokens;
    }

    private IngestConfig(IngestConfig other) {
        this.bootstrapServers = other.bootstrapServers;
        this.listenOn = other.listenOn;
        this.tokens = other.tokens;
        this.kafkaPatience = other.kafkaPatience;
        this.kafka = other.kafka;
        this.policy = other.policy;
        this.mayBackfill = other.mayBackfill;
        this.inFlight = other.inFlight;
        this.spool = other.spool;
        this.saltedTenants = other.saltedTenants;
        this.largeBodies = other.largeBodies;
        this.otlp = other.otlp;
        this.clickhouse = other.clickhouse;
    }

    /**
     * With ten seconds of patience, no further settings, no archive, the default policy and the usual limits; senders may
     * backfill. No tenant is salted, there is no spool, and large bodies are in the system's directory for temporary files.
     */
    public static IngestConfig of(String bootstrapServers, ListenOn listenOn, Tokens tokens) {
        return new IngestConfig(bootstrapServers, listenOn, tokens);
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    public ListenOn listenOn() {
        return listenOn;
    }

    public Tokens tokens() {
        return tokens;
    }

    /** How long a request waits for Kafka, or the spool, before it is answered 503; at least one second. */
    public Duration kafkaPatience() {
        return kafkaPatience;
    }

    public IngestConfig withKafkaPatience(Duration value) {
        if (value.compareTo(PATIENCE_MIN) < 0) {
            throw new IllegalArgumentException("kafkaPatience is below one second");
        }
        IngestConfig changed = new IngestConfig(this);
        changed.kafkaPatience = value;
        return changed;
    }

    /** Further settings for Kafka's clients, such as those of TLS and SASL. */
    public Map<String, String> kafka() {
        return kafka;
    }

    public IngestConfig withKafka(Map<String, String> value) {
        IngestConfig changed = new IngestConfig(this);
        changed.kafka = Map.copyOf(value);
        return changed;
    }

    /** Which events are let in. */
    public EventPolicy policy() {
        return policy;
    }

    public IngestConfig withPolicy(EventPolicy value) {
        IngestConfig changed = new IngestConfig(this);
        changed.policy = value;
        return changed;
    }

    /** Whose requests may hold usage of any age when they say so. */
    public Set<Role> mayBackfill() {
        return mayBackfill;
    }

    public IngestConfig withMayBackfill(Set<Role> value) {
        IngestConfig changed = new IngestConfig(this);
        changed.mayBackfill = Set.copyOf(value);
        return changed;
    }

    /** How much is worked on at once. */
    public InFlight.Limits inFlight() {
        return inFlight;
    }

    public IngestConfig withInFlight(InFlight.Limits value) {
        IngestConfig changed = new IngestConfig(this);
        changed.inFlight = value;
        return changed;
    }

    /** Where events go while Kafka is away; without one they are answered 503. */
    public Optional<SpoolConfig> spool() {
        return spool;
    }

    public IngestConfig withSpool(Optional<SpoolConfig> value) {
        IngestConfig changed = new IngestConfig(this);
        changed.spool = value;
        return changed;
    }

    /** Whose events are spread over partitions. */
    public SaltedTenants saltedTenants() {
        return saltedTenants;
    }

    public IngestConfig withSaltedTenants(SaltedTenants value) {
        IngestConfig changed = new IngestConfig(this);
        changed.saltedTenants = value;
        return changed;
    }

    /** The directory for bodies that are too large for memory, while they are worked on. */
    public Path largeBodies() {
        return largeBodies;
    }

    public IngestConfig withLargeBodies(Path value) {
        IngestConfig changed = new IngestConfig(this);
        changed.largeBodies = value;
        return changed;
    }

    /** Which attributes of OpenTelemetry give what. */
    public OtlpMapping otlp() {
        return otlp;
    }

    public IngestConfig withOtlp(OtlpMapping value) {
        IngestConfig changed = new IngestConfig(this);
        changed.otlp = value;
        return changed;
    }

    /** The archive, as {@code http://[user:password@]host:port[/database]}; without it events can be sent, but not looked up, and so neither reversed nor, when rejected, listed. */
    public Optional<String> clickhouse() {
        return clickhouse;
    }

    public IngestConfig withClickHouse(String value) {
        IngestConfig changed = new IngestConfig(this);
        changed.clickhouse = Optional.of(value);
        return changed;
    }
}
