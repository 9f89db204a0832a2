package io.tollgate.cli.prices;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;

/** Reads a price book in YAML, and so in JSON too. A price that is not quoted keeps every digit that was written. */
final class PriceBookText {

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private PriceBookText() {}

    /** @throws IOException when it cannot be read; a {@code JsonProcessingException} when it is not YAML */
    static JsonNode read(InputStream in) throws IOException {
        return YAML.readTree(in);
    }
}
