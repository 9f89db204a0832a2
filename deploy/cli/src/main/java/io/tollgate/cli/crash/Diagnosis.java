package io.tollgate.cli.crash;

import io.tollgate.aggregator.AggregatorConfig;
import io.tollgate.aggregator.clickhouse.Writers;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * What stands still when nothing moves: both consumer groups, transactions, the ends of the topics with and without open
 * transactions, what ClickHouse is doing, and the threads of the processes. Each part is asked for by itself, so that one
 * that does not answer is told as such.
 */
final class Diagnosis {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String kafka;
    private final String clickhouse;

    Diagnosis(String kafka, String clickhouse) {
        this.kafka = kafka;
        this.clickhouse = clickhouse;
    }

    /** Looks at everything. The processes print their threads into their own logs. */
    String of(Collection<ProcessHandle> processes) {
        processes.forEach(Diagnosis::printThreads);
        StringBuilder text = new StringBuilder();
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis()))) {
            for (String group : List.of(AggregatorConfig.APPLICATION_ID, Writers.ROLLUP_GROUP)) {
                add(text, "group " + group, () -> group(admin, group));
            }
            add(text, "transactions", () -> transactions(admin));
            add(text, "ends: stable, and with open transactions", () -> ends(admin));
        } catch (KafkaException e) {
            text.append("Kafka cannot be asked: ").append(e).append('\n');
        }
        add(
                text,
                "ClickHouse's processes",
                () -> select("SELECT elapsed, query FROM system.processes FORMAT Vertical"));
        add(
                text,
                "ClickHouse's parts",
                () -> select("SELECT database, table, count() AS parts FROM system.parts WHERE active GROUP BY ALL"));
        return text.toString();
    }

    /** A JVM prints the stacks of its threads on SIGQUIT. */
    private static void printThreads(ProcessHandle process) {
        try {
            new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid()))
                    .start()
                    .onExit()
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (IOException | ExecutionException | TimeoutException e) {
            // The rest is worth having without it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String group(Admin admin, String group)
            throws InterruptedException, ExecutionException, TimeoutException {
        String members = get(admin.describeConsumerGroups(List.of(group)).all()).toString();
        String offsets = get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .toString();
        return members + "\n" + offsets;
    }

    private static String transactions(Admin admin) throws InterruptedException, ExecutionException, TimeoutException {
        Collection<TransactionListing> open = get(admin.listTransactions().all());
        return get(admin.describeTransactions(open.stream()
                                .map(TransactionListing::transactionalId)
                                .toList())
                        .all())
                .entrySet()
                .stream()
                .map(transaction -> transaction.getKey() + " " + transaction.getValue())
                .collect(Collectors.joining("\n"));
    }

    private static String ends(Admin admin) throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, OffsetSpec> latest =
                get(admin.describeTopics(get(admin.listTopics().names())).allTopicNames()).values().stream()
                        .flatMap(topic -> topic.partitions().stream()
                                .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                        .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        var stable = get(admin.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all());
        var all = get(admin.listOffsets(latest).all());
        Map<String, String> ends = new TreeMap<>();
        all.forEach((partition, end) -> {
            long stableEnd =
                    stable.get(partition) == null ? -1 : stable.get(partition).offset();
            ends.put(partition.toString(), "%d %d".formatted(stableEnd, end.offset()));
        });
        return ends.entrySet().stream()
                .map(end -> end.getKey() + " " + end.getValue())
                .collect(Collectors.joining("\n"));
    }

    private String select(String query) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(clickhouse.replaceFirst("(//[^/]+).*", "$1")
                        + "/?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8)))
                .timeout(PATIENCE)
                .build();
        return HttpClient.newBuilder()
                .connectTimeout(PATIENCE)
                .build()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static <T> T get(java.util.concurrent.Future<T> answer)
            throws InterruptedException, ExecutionException, TimeoutException {
        return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private interface Question {
        String ask() throws Exception;
    }

    private static void add(StringBuilder text, String what, Question question) {
        text.append("== ").append(what).append('\n');
        try {
            text.append(question.ask());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            text.append("interrupted");
        } catch (Exception e) {
            text.append("no answer: ").append(e);
        }
        text.append('\n');
    }
}
