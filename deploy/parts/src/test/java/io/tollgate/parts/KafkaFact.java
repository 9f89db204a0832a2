package io.tollgate.parts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Facts are records of a transaction, so that the transaction coordinator's topic is needed, too. */
final class KafkaFact implements Fact {

    private static final TopicPartition FACTS = new TopicPartition("facts", 0);

    @Override
    public Part start(Path directory, int wantedPort, Path log) {
        return EmbeddedKafka.start(directory, wantedPort, log, 256);
    }

    @Override
    public void write(String endpoint, String fact) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", endpoint))) {
            admin.createTopics(List.of(new NewTopic(FACTS.topic(), 1, (short) 1)))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
        Map<String, Object> config = Map.of("bootstrap.servers", endpoint, "transactional.id", "tester");
        try (var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            var sent = producer.send(new ProducerRecord<>(FACTS.topic(), fact.getBytes(StandardCharsets.UTF_8)));
            producer.commitTransaction();
            sent.get();
        }
    }

    @Override
    public Set<String> read(String endpoint) throws Exception {
        long end = endOffset(endpoint);
        Map<String, Object> config = Map.of("bootstrap.servers", endpoint, "isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(FACTS));
            consumer.seekToBeginning(List.of(FACTS));
            Set<String> facts = new HashSet<>();
            while (consumer.position(FACTS) < end) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(found -> facts.add(new String(found.value(), StandardCharsets.UTF_8)));
            }
            return facts;
        }
    }

    /** Of what was written; a consumer's own notion is of what it may read, which follows a commit a moment later. */
    private static long endOffset(String endpoint) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", endpoint))) {
            return admin.listOffsets(Map.of(FACTS, OffsetSpec.latest()))
                    .partitionResult(FACTS)
                    .get()
                    .offset();
        }
    }

    @Override
    public void spoil(Path directory) throws IOException {
        Path data = Files.createDirectories(directory.resolve("data"));
        Files.writeString(KafkaSettings.metaFile(data), "version=1\nnode.id=7\ncluster.id=not-ours\n");
    }
}
