package io.tollgate.parts;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;

/** A Kafka broker, its own KRaft controller, in a child JVM. Topics are never made by accident, nor is data deleted. */
public final class EmbeddedKafka {

    /** Heap of the broker, in MiB, unless told otherwise. */
    public static final int DEFAULT_HEAP_MEBIBYTES = 512;

    private EmbeddedKafka() {}

    /** Starts it with the default heap. */
    public static Part start(Path directory, int wantedPort, Path log) {
        return start(directory, wantedPort, log, DEFAULT_HEAP_MEBIBYTES);
    }

    /**
     * Starts it and waits until it answers.
     *
     * @param directory where its data are, and will be the next time
     * @param wantedPort of 127.0.0.1; another one is taken when it is not free; 0 takes any
     * @param log appended to
     * @param heapMebibytes maximum heap of the broker's JVM
     * @throws PartUnavailableException when it does not start
     */
    public static Part start(Path directory, int wantedPort, Path log, int heapMebibytes) {
        return EmbeddedPart.start(new Broker(heapMebibytes), directory, wantedPort, log);
    }

    private record Broker(int heapMebibytes) implements Engine {

        @Override
        public String name() {
            return "kafka";
        }

        @Override
        public Duration patience() {
            return Duration.ofSeconds(60);
        }

        @Override
        public Launched launch(DirectoryClaim claim, int port, EngineLog log) throws IOException {
            Path settings = claim.directory().resolve("server.properties");
            Path data = claim.directory().resolve("data");
            try (Writer writer = Files.newBufferedWriter(settings)) {
                KafkaSettings.of(data, port, Ports.free(0)).store(writer, null);
            }
            Child child = JavaChild.start(
                    KafkaMain.class,
                    List.of("-Xms64m", "-Xmx" + heapMebibytes + "m", "-XX:MaxDirectMemorySize=256m"),
                    List.of(settings.toString()),
                    claim.directory(),
                    log.file());
            String endpoint = Ports.HOST + ":" + port;
            return new Launched(child, endpoint, () -> Ports.answers(port) && answers(endpoint, port, data));
        }

        /** Whether the broker at this port has joined its cluster, and it is the one of this directory. */
        private static boolean answers(String endpoint, int port, Path data) {
            Map<String, Object> config = Map.of(
                    AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                    endpoint,
                    AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                    5000,
                    AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                    2500);
            try (Admin admin = Admin.create(config)) {
                var cluster = admin.describeCluster();
                boolean joined =
                        cluster.nodes().get(5, TimeUnit.SECONDS).stream().anyMatch(node -> node.port() == port);
                return joined && cluster.clusterId().get(5, TimeUnit.SECONDS).equals(clusterId(data));
            } catch (ExecutionException | TimeoutException | KafkaException | IOException e) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        private static String clusterId(Path data) throws IOException {
            Properties meta = new Properties();
            try (var reader = Files.newBufferedReader(KafkaSettings.metaFile(data))) {
                meta.load(reader);
            }
            return meta.getProperty("cluster.id", "");
        }
    }
}
