package io.tollgate.parts;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/** The settings of a broker that is alone, as in Kafka's "Broker Configs". */
final class KafkaSettings {

    private static final Map<String, String> ALONE = Map.ofEntries(
            Map.entry("process.roles", "broker,controller"),
            Map.entry("node.id", "1"),
            Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
            Map.entry("controller.listener.names", "CONTROLLER"),
            Map.entry("inter.broker.listener.name", "PLAINTEXT"),
            Map.entry("default.replication.factor", "1"),
            Map.entry("min.insync.replicas", "1"),
            Map.entry("offsets.topic.replication.factor", "1"),
            // For ever: a job that was off for longer than a week must still know how far it was.
            Map.entry("offsets.retention.minutes", String.valueOf(Integer.MAX_VALUE)),
            Map.entry("offsets.topic.num.partitions", "4"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("transaction.state.log.num.partitions", "4"),
            Map.entry("share.coordinator.state.topic.replication.factor", "1"),
            Map.entry("share.coordinator.state.topic.min.isr", "1"),
            Map.entry("share.coordinator.state.topic.num.partitions", "1"),
            // Nobody else is going to join, so waiting for others only costs time.
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            // A mistyped topic is an error, not a new topic with one partition.
            Map.entry("auto.create.topics.enable", "false"),
            // Usage is money: whoever wants events deleted says so for the topic.
            Map.entry("log.retention.ms", "-1"),
            Map.entry("log.retention.bytes", "-1"),
            // The default of 128 MiB is for brokers with thousands of compacted partitions.
            Map.entry("log.cleaner.dedupe.buffer.size", "16777216"),
            Map.entry("num.io.threads", "4"));

    private KafkaSettings() {}

    /** Static voters, because dynamic ones are remembered with their ports, and ours change between starts. */
    static Properties of(Path data, int port, int controllerPort) {
        Properties settings = new Properties();
        settings.putAll(ALONE);
        String listener = "PLAINTEXT://" + Ports.HOST + ":" + port;
        settings.setProperty("log.dirs", data.toString());
        settings.setProperty("listeners", listener + ",CONTROLLER://" + Ports.HOST + ":" + controllerPort);
        settings.setProperty("advertised.listeners", listener);
        settings.setProperty("controller.quorum.voters", "1@" + Ports.HOST + ":" + controllerPort);
        return settings;
    }

    /** The same node as a controller and nothing else, which takes a silent broker for dead after 0.2 s, not 9 s. */
    static Properties controllerOnly(Properties settings) {
        Properties controller = new Properties();
        controller.putAll(settings);
        controller.setProperty("process.roles", "controller");
        String voter = settings.getProperty("controller.quorum.voters");
        controller.setProperty("listeners", "CONTROLLER://" + voter.substring(voter.indexOf('@') + 1));
        controller.remove("advertised.listeners");
        controller.remove("inter.broker.listener.name");
        controller.setProperty("broker.session.timeout.ms", "200");
        controller.setProperty("broker.heartbeat.interval.ms", "100");
        return controller;
    }

    /** Written by a broker when it has closed its logs. */
    static Path cleanStopFile(Path data) {
        return data.resolve(".kafka_cleanshutdown");
    }

    /** What a formatted directory holds. */
    static Path metaFile(Path data) {
        return data.resolve("meta.properties");
    }
}
