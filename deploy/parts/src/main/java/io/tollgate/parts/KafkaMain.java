package io.tollgate.parts;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import kafka.Kafka;
import org.apache.kafka.common.Uuid;
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
        if (Files.notExists(KafkaSettings.metaFile(Path.of(settings.getProperty("log.dirs"))))) {
            format(settings);
        }
        // It shuts the broker down in a shutdown hook, and exits with 1 when the broker cannot be started.
        Kafka.main(args);
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
