package io.tollgate.parts;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import javax.management.JMException;
import javax.management.ObjectName;
import kafka.Kafka;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;

/** The child JVM of {@link EmbeddedKafka}: formats the directory the first time, then is the broker. */
final class KafkaMain {

    private KafkaMain() {}

    /** @param args the properties file of the broker */
    public static void main(String[] args) throws Exception {
        Lifeline.hold();
        Properties settings = new Properties();
        try (var reader = Files.newBufferedReader(Path.of(args[0]))) {
            settings.load(reader);
        }
        Path data = Path.of(settings.getProperty("log.dirs"));
        if (Files.notExists(KafkaSettings.metaFile(data))) {
            format(settings);
        } else if (Files.notExists(KafkaSettings.cleanStopFile(data))) {
            endFormerSession(settings);
        }
        // It shuts the broker down in a shutdown hook, and exits with 1 when the broker cannot be started.
        Kafka.main(args);
    }

    /**
     * After a crash, lets the controller alone see that the former broker is dead. Otherwise the controller believes in
     * that broker for 9 s more, a new one is refused so long, and an acknowledged transaction may be lost: its
     * coordinator cannot reach the former broker and, when that is found dead, takes the partitions for deleted and skips
     * their commit markers (seen with Kafka 4.3.1, "likely deleted already and hence can be skipped").
     */
    private static void endFormerSession(Properties settings) {
        KafkaRaftServer controller =
                new KafkaRaftServer(KafkaConfig.fromProps(KafkaSettings.controllerOnly(settings), false), Time.SYSTEM);
        controller.startup();
        // A crash before the very first registration has no former broker; then the start goes on after the wait.
        Deadline.in(Duration.ofSeconds(10)).await(() -> brokers("Fenced") > 0 && brokers("Active") == 0);
        controller.shutdown();
        controller.awaitShutdown();
    }

    private static int brokers(String state) {
        try {
            ObjectName count = new ObjectName("kafka.controller:type=KafkaController,name=" + state + "BrokerCount");
            return (Integer) ManagementFactory.getPlatformMBeanServer().getAttribute(count, "Value");
        } catch (JMException e) {
            // Not counted yet.
            return -1;
        }
    }

    /** As Kafka's own StorageTool does, which does not run beside the argument parser of another version that Dropwizard has. */
    private static void format(Properties settings) throws Exception {
        new Formatter()
                .setNodeId(Integer.parseInt(settings.getProperty("node.id")))
                .setClusterId(Uuid.randomUuid().toString())
                .setDirectories(List.of(settings.getProperty("log.dirs")))
                .setMetadataLogDirectory(settings.getProperty("log.dirs"))
                .setControllerListenerName(settings.getProperty("controller.listener.names"))
                .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                .setHasDynamicQuorum(false)
                .run();
    }
}
