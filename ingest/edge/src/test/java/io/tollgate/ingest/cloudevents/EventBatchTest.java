package io.tollgate.ingest.cloudevents;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventBatchTest {

    private static EventBatch split(String body, EventBatch.Form form) {
        return EventBatch.split(body.getBytes(StandardCharsets.UTF_8), form, 3);
    }

    private static List<String> events(String body, EventBatch.Form form) {
        EventBatch batch = split(body, form);
        assertThat(batch).isInstanceOf(EventBatch.Events.class);
        return ((EventBatch.Events) batch)
                .originals().stream()
                        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                        .toList();
    }

    @Test
    void eachEventOfAnArrayKeepsItsBytes() {
        String body = " [ {\"a\" : \"\u00e4\ud83d\ude00]\" } ,17 ,\t\"te\\\"xt\" ] \n";
        assertThat(events(body, EventBatch.Form.ARRAY))
                .containsExactly("{\"a\" : \"\u00e4\ud83d\ude00]\" }", "17", "\"te\\\"xt\"");
        assertThat(events(body, EventBatch.Form.SINGLE_OR_ARRAY)).hasSize(3);
        assertThat(events("\ufeff[{}]", EventBatch.Form.ARRAY)).containsExactly("{}");
        assertThat(events("[]", EventBatch.Form.ARRAY)).isEmpty();
        assertThat(events("[[1,{}],null]", EventBatch.Form.ARRAY)).containsExactly("[1,{}]", "null");
        assertThat(events("[1.5e3,-0,true]", EventBatch.Form.ARRAY)).containsExactly("1.5e3", "-0", "true");
    }

    @Test
    void aSingleEventIsOne() {
        assertThat(events(" {\"a\":[1]} ", EventBatch.Form.SINGLE)).containsExactly("{\"a\":[1]}");
        assertThat(events("{}", EventBatch.Form.SINGLE_OR_ARRAY)).containsExactly("{}");
    }

    @Test
    void linesStandAloneHoweverBadTheyAre() {
        assertThat(events("{}\r\n\n  \n{oops\n{\"a\":1}", EventBatch.Form.LINES))
                .containsExactly("{}", "{oops", "{\"a\":1}");
        assertThat(events("", EventBatch.Form.LINES)).isEmpty();
    }

    @Test
    void whatIsNoJsonTellsWhere() {
        assertThat(split("[{},\n {\"a\":}]", EventBatch.Form.ARRAY))
                .isInstanceOfSatisfying(
                        EventBatch.Malformed.class,
                        malformed -> assertThat(malformed.line()).isEqualTo(2));
        for (String body : new String[] {"", "[{}", "[{}]]", "{}", "[1] 2", "[\"\\q\"]", "[,]"}) {
            assertThat(split(body, EventBatch.Form.ARRAY))
                    .as(body)
                    .isInstanceOfSatisfying(
                            EventBatch.Malformed.class,
                            malformed -> assertThat(malformed.detail())
                                    .doesNotContain("Source", "REDACTED", "Feature", "[line"));
        }
        assertThat(split("{}{}", EventBatch.Form.SINGLE)).isInstanceOf(EventBatch.Malformed.class);
        assertThat(EventBatch.split("[{}]".getBytes(StandardCharsets.UTF_16), EventBatch.Form.ARRAY, 3))
                .isInstanceOf(EventBatch.Malformed.class);
        assertThat(EventBatch.split(new byte[] {'[', '"', (byte) 0xff, '"', ']'}, EventBatch.Form.ARRAY, 3))
                .isInstanceOf(EventBatch.Malformed.class);
    }

    @Test
    void whatIsOddKeepsOutNoneButItself() {
        for (String odd : new String[] {
            "[".repeat(1_001) + "]".repeat(1_001), "{\"" + "n".repeat(60_000) + "\":1}", "9".repeat(1_500)
        }) {
            assertThat(events("[{}," + odd + ",{}]", EventBatch.Form.ARRAY)).containsExactly("{}", odd, "{}");
        }
    }

    @Test
    void moreThanAllowedIsTooMany() {
        assertThat(events("[1,2,3]", EventBatch.Form.ARRAY)).hasSize(3);
        assertThat(split("[1,2,3,4]", EventBatch.Form.ARRAY)).isInstanceOf(EventBatch.TooMany.class);
        assertThat(split("1\n2\n3\n4", EventBatch.Form.LINES)).isInstanceOf(EventBatch.TooMany.class);
    }
}
