package io.tollgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

class SentenceTest {

    @Test
    void theInnermostCauseThatSaysSomethingIsTold() {
        assertThat(Sentence.of(new IllegalStateException("outer", new IOException("disk full", new IOException()))))
                .isEqualTo("disk full");
        assertThat(Sentence.of(new NullPointerException())).doesNotContain("Exception");
    }

    @Test
    void noClassNamesAndOneLine() {
        assertThat(Sentence.of(new KafkaException(
                        "Kafka did not tell its offsets: java.util.concurrent.TimeoutException: too late\n\tat x")))
                .isEqualTo("Kafka did not tell its offsets: too late");
        assertThat(Sentence.of(new CompletionException(new KafkaException("x", new TimeoutException()))))
                .isEqualTo("no answer in time");
        assertThat(Sentence.of(new IllegalStateException("org.postgresql.util.PSQLException: FATAL: no such database")))
                .isEqualTo("FATAL: no such database");
    }

    @Test
    void whatJavaSaysInAClassNameIsPutIntoWords() {
        assertThat(Sentence.of(new NoSuchFileException("/a"))).isEqualTo("there is no /a");
        assertThat(Sentence.of(new UncheckedIOException(new AccessDeniedException("/a"))))
                .isEqualTo("/a may not be read or written");
        assertThat(Sentence.of(new IOException(new ConnectException()))).isEqualTo("the connection was refused");
    }

    @Test
    void everyFailureHasAnExitStatusAndNoClassName() {
        assertThat(Failures.told(new KafkaException("java.util.concurrent.TimeoutException")))
                .extracting(UserException::exitCode)
                .isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(Failures.told(new CompletionException(new UncheckedIOException(new NoSuchFileException("/a")))))
                .hasMessageContaining("there is no /a")
                .extracting(UserException::exitCode)
                .isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(Failures.told(new IllegalStateException()))
                .hasMessageNotContaining("Exception")
                .extracting(UserException::exitCode)
                .isEqualTo(ExitCode.INTERNAL);
    }
}
