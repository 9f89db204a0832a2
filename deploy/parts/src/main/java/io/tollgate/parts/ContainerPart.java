package io.tollgate.parts;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.WaitResponse;
import io.tollgate.parts.PartUnavailableException.Reason;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.testcontainers.clickhouse.ClickHouseContainer;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * An engine in a container of the local Docker engine. Its data go with it. Testcontainers' own watcher (Ryuk) removes
 * it when this JVM is killed.
 */
final class ContainerPart implements Part {

    private static final String WORD = "tollgate";

    private final String name;
    private final String endpoint;
    private final GenericContainer<?> container;
    private final CompletableFuture<Void> exit = new CompletableFuture<>();

    private ContainerPart(String name, String endpoint, GenericContainer<?> container) {
        this.name = name;
        this.endpoint = endpoint;
        this.container = container;
        container.getDockerClient().waitContainerCmd(container.getContainerId()).exec(new WhenOver(exit));
    }

    @SuppressWarnings("resource") // the part owns the container
    static ContainerPart kafka() {
        KafkaContainer kafka = started(
                "kafka",
                () -> new KafkaContainer(image("kafka", "apache/kafka:4.1.0"))
                        .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                        .withEnv("KAFKA_LOG_RETENTION_MS", "-1"));
        return new ContainerPart("kafka", kafka.getBootstrapServers(), kafka);
    }

    @SuppressWarnings("resource") // the part owns the container
    static ContainerPart clickhouse() {
        ClickHouseContainer clickhouse = started(
                "clickhouse",
                () -> new ClickHouseContainer(image("clickhouse", "clickhouse/clickhouse-server:25.8"))
                        .withUsername(WORD)
                        .withPassword(WORD)
                        .withDatabaseName(WORD));
        String endpoint = clickhouse.getHttpUrl().replaceFirst("^http://", "http://" + WORD + ":" + WORD + "@");
        return new ContainerPart("clickhouse", endpoint, clickhouse);
    }

    @SuppressWarnings("resource") // the part owns the container
    static ContainerPart postgres() {
        PostgreSQLContainer postgres = started(
                "postgres",
                () -> new PostgreSQLContainer(image("postgres", "postgres:18"))
                        .withUsername("postgres")
                        .withPassword(WORD)
                        .withDatabaseName(WORD)
                        // Testcontainers would switch it off; what is tested is what is run.
                        .withCommand("postgres", "-c", "fsync=on"));
        String endpoint = "postgresql://postgres:" + WORD + "@" + postgres.getHost() + ":"
                + postgres.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT) + "/" + WORD;
        return new ContainerPart("postgres", endpoint, postgres);
    }

    /** Another image than the usual one may be named, as of a private registry's mirror or an older release. */
    private static String image(String name, String usual) {
        return System.getProperty("tollgate.parts.image." + name, usual);
    }

    private static <T extends GenericContainer<T>> T started(String name, Supplier<T> make) {
        try {
            T container = make.get();
            container.start();
            return container;
        } catch (RuntimeException e) {
            throw new PartUnavailableException(
                    Reason.CONTAINERS_UNAVAILABLE,
                    "The container of " + name + " could not be started: " + e.getMessage()
                            + ". Without -Dtollgate.parts=containers the embedded engine is taken.",
                    e);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String endpoint() {
        return endpoint;
    }

    @Override
    public List<ProcessHandle> processes() {
        return List.of();
    }

    @Override
    public CompletableFuture<?> onExit() {
        return exit;
    }

    @Override
    public void close() {
        container.stop();
        exit.complete(null);
    }

    /** Hears from the Docker engine that the container has stopped, or is no more. */
    private static final class WhenOver extends ResultCallback.Adapter<WaitResponse> {
        private final CompletableFuture<Void> exit;

        WhenOver(CompletableFuture<Void> exit) {
            this.exit = exit;
        }

        @Override
        public void onNext(WaitResponse response) {
            exit.complete(null);
        }

        @Override
        public void onError(Throwable failure) {
            exit.complete(null);
        }
    }
}
