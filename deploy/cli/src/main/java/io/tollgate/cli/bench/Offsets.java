package io.tollgate.cli.bench;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** Watches how fast a consumer group passes the records of its topics. */
final class Offsets implements AutoCloseable {

    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final Admin admin;
    private final String group;

    Offsets(String kafka, String group) {
        this.admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka));
        this.group = group;
    }

    /**
     * Waits until the group has committed the ends of the topics, and tells how fast it passed the second half of the
     * first: a job that has just started spends most of its time in the interpreter and on compiling itself.
     *
     * @return records of the first topic a second
     */
    double rate(List<String> topics, Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        String measured = topics.get(0);
        long half = ends(List.of(measured)).values().stream()
                        .mapToLong(Long::longValue)
                        .sum()
                / 2;
        long halfAt = 0;
        long passedAtHalf = 0;
        while (System.nanoTime() < deadline) {
            Map<TopicPartition, Long> committed = committed();
            long passed = sum(committed, measured);
            if (halfAt == 0 && passed >= half) {
                halfAt = System.nanoTime();
                passedAtHalf = passed;
            }
            if (halfAt != 0 && ends(topics).entrySet().stream().allMatch(end -> reached(committed, end))) {
                return (passed - passedAtHalf) / ((System.nanoTime() - halfAt) / 1e9);
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
        throw new IllegalStateException("group " + group + " did not reach the end within " + within);
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(2));
    }

    /** A transaction's marker takes an offset that nobody commits. */
    private static boolean reached(Map<TopicPartition, Long> committed, Map.Entry<TopicPartition, Long> end) {
        return end.getValue() == 0 || committed.getOrDefault(end.getKey(), 0L) >= end.getValue() - 1;
    }

    private static long sum(Map<TopicPartition, Long> committed, String topic) {
        return committed.entrySet().stream()
                .filter(entry -> entry.getKey().topic().equals(topic))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private Map<TopicPartition, Long> committed() {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        get(() -> admin.listConsumerGroupOffsets(group)
                        .partitionsToOffsetAndMetadata()
                        .get())
                .forEach((partition, offset) -> {
                    if (offset != null) {
                        offsets.put(partition, offset.offset());
                    }
                });
        return offsets;
    }

    private Map<TopicPartition, Long> ends(List<String> topics) {
        Set<String> there = new HashSet<>(topics);
        there.retainAll(get(() -> admin.listTopics().names().get()));
        Map<TopicPartition, OffsetSpec> latest =
                get(() -> admin.describeTopics(there).allTopicNames().get()).values().stream()
                        .flatMap(topic -> topic.partitions().stream()
                                .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                        .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        get(() -> admin.listOffsets(latest).all().get()).forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    private interface Question<T> {
        T ask() throws InterruptedException, ExecutionException;
    }

    private static <T> T get(Question<T> question) {
        try {
            return question.ask();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("Kafka did not tell its offsets", e);
        }
    }
}
