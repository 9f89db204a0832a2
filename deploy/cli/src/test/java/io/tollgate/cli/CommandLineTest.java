package io.tollgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** A wrong command line is told in a sentence, and nothing is started. */
class CommandLineTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "invoice --tenant a --period 2023-13 | YYYY-MM, such as 2023-11",
                "demo --month soon | YYYY-MM",
                "demo --events 0 | at least 1",
                "bench pipeline --events -1 | at least 1",
                "bench pipeline --events many | at least 1",
                "replay f --format zzz | azure-llm, mooncake, cloudevents-jsonl, csv, parquet",
                "replay f --format csv --dry-run | --format csv needs --mapping",
                "replay f --format mooncake --mapping m --dry-run | --mapping is for csv and parquet",
                "replay f --format csv --mapping m --rate 5 | 5000/s, 300/min or 1000000/h",
                "replay f --format mooncake --start 2024 | 2024-07-01T00:00:00Z",
                "up --kafka localhost | 127.0.0.1:9092",
                "up --kafka localhost:99999 | 127.0.0.1:9092",
                "up --kafka a:1,b | 127.0.0.1:9092",
                "up --clickhouse-url localhost:8123 | http://default:secret@127.0.0.1:8123/tollgate",
                "up --partitions 0 | 1 to 10000",
                "aggregator --kafka a:1 --clickhouse-url http://h --threads 0 | threads is 0, not 1 to 256",
                "aggregator --kafka a:1 --clickhouse-url http://h --commit-interval 1 | 250ms, 10s, 5min, 12h or 36d",
                "aggregator --kafka a:1 --clickhouse-url http://h --commit-interval 9s | commit interval is PT9S",
                "aggregator --kafka a:1 --clickhouse-url http://h --dedup-horizon 34d | billed again",
                "aggregator --kafka a:1 --clickhouse-url http://h --instance-id a/b | instance id 'a/b' is not",
                "aggregator --kafka a:1 --clickhouse-url http://h --on-stop maybe | expected one of",
                "aggregator --kafka a:1 --clickhouse-url http://h --admin-port 70000 | not 0 to 65535",
                "aggregator --clickhouse-url http://h | --kafka",
                "ingest --kafka a:1 --clickhouse-url h:8123 | http://default:secret@127.0.0.1:8123/tollgate",
                "up --postgres-url postgresql://hush:hush@localhost | postgresql://tollgate:secret@127.0.0.1:5432/tollgate",
            })
    void isToldInASentence(String command, String expected) {
        StringWriter err = new StringWriter();
        CommandLine tollgate = Tollgate.commandLine().setErr(new PrintWriter(err));

        assertThat(tollgate.execute(command.split(" "))).isEqualTo(ExitCode.USAGE);

        assertThat(err.toString())
                .contains(expected, "--help")
                .doesNotContain("Exception", "AZURE_LLM", "hush", "\tat ")
                .hasLineCount(2);
    }

    @Test
    void aReadyFileIsNoDirectory(@TempDir Path directory) {
        StringWriter err = new StringWriter();
        CommandLine tollgate = Tollgate.commandLine().setErr(new PrintWriter(err));

        assertThat(tollgate.execute(
                        "up", "--data", directory.resolve("data").toString(), "--ready-file", "" + directory))
                .isEqualTo(ExitCode.USAGE);

        assertThat(err.toString()).contains("is a directory");
        assertThat(directory).isEmptyDirectory();
    }
}
