package io.tollgate.ingest.cloudevents;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Rfc3339Test {

    @ParameterizedTest
    @CsvSource({
        "2023-11-16T18:17:03.979960Z, 2023-11-16T18:17:03.979960Z",
        "2023-11-16T18:17:03Z, 2023-11-16T18:17:03Z",
        "2023-11-16t18:17:03z, 2023-11-16T18:17:03Z",
        "2023-11-16 18:17:03Z, 2023-11-16T18:17:03Z",
        "2023-11-16T18:17:03.5+05:45, 2023-11-16T12:32:03.5Z",
        "2023-11-16T18:17:03-08:00, 2023-11-17T02:17:03Z",
        "2023-11-16T18:17:03-00:00, 2023-11-16T18:17:03Z",
        "2023-11-16T18:17:03+23:59, 2023-11-15T18:18:03Z",
        "2024-02-29T00:00:00Z, 2024-02-29T00:00:00Z",
        "2023-11-16T18:29:59.999999999Z, 2023-11-16T18:29:59.999999Z",
        "1969-12-31T23:59:59Z, 1969-12-31T23:59:59Z",
        "2016-12-31T23:59:60Z, 2016-12-31T23:59:59.999999Z",
        "2017-01-01T08:59:60+09:00, 2016-12-31T23:59:59.999999Z",
    })
    void whatTheRfcAllowsIsRead(String text, Instant instant) {
        assertThat(Rfc3339.parse(text)).hasValue(instant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2023-11-16",
                "2023-11-16T18:17Z",
                "2023-11-16T18:17:03",
                "2023-11-16T18:17:03.Z",
                "2023-11-16T24:00:00Z",
                "2023-02-29T00:00:00Z",
                "2023-11-16T18:17:60Z",
                "2023-13-16T18:17:03Z",
                "2023-11-16T18:17:03+24:00",
                "2023-11-16T18:17:03+05:60",
                "2023-11-16T18:17:03+0545",
                "+12023-11-16T18:17:03Z",
                "20231116T181703Z",
                " 2023-11-16T18:17:03Z",
                "\u0662\u0660\u0662\u0663-11-16T18:17:03Z",
            })
    void whatItDoesNotAllowIsNot(String text) {
        assertThat(Rfc3339.parse(text)).isEmpty();
    }

    @Test
    void digitsBeyondMicrosecondsAreCutNotRounded() {
        assertThat(Rfc3339.parse("2023-11-16T18:14:59." + "9".repeat(90) + "Z"))
                .hasValue(Instant.parse("2023-11-16T18:14:59.999999Z"));
        assertThat(Rfc3339.parse("2023-11-16T18:14:59." + "9".repeat(1000) + "Z"))
                .isEmpty();
    }
}
