package io.tollgate.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StreamsSettingsTest {

    @Test
    void theGroupProtocolDoesNotChangeWithKafkasDefault() {
        AggregatorConfig config =
                AggregatorConfig.of("127.0.0.1:9092", "http://127.0.0.1:8123", Path.of("state"), "instance");

        assertThat(StreamsSettings.of(config)).containsEntry("group.protocol", "CLASSIC");
    }
}
