package io.tollgate.cli.prices;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.PriceBookCsv;
import io.tollgate.invoicing.document.PriceBookDocument;
import io.tollgate.invoicing.pricing.PriceBookDraft;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Price books as files: in YAML, and so in JSON too, and in CSV. A price that is not quoted keeps every digit. */
final class PriceBookText {

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .build();

    private PriceBookText() {}

    /** @throws IOException when it cannot be read; a {@code JsonProcessingException} when it is not YAML */
    static JsonNode read(InputStream in) throws IOException {
        return YAML.readTree(in);
    }

    /**
     * Reads a book in the format that the file's name ends in: CSV, else YAML or JSON.
     *
     * @throws IOException when it cannot be read; a {@code JsonProcessingException} when it is not YAML
     * @throws IllegalArgumentException when it is no such table
     */
    static JsonNode read(Path file) throws IOException {
        if (isCsv(file)) {
            return YAML.readTree(CanonicalJson.write(PriceBookCsv.read(Files.readString(file))));
        }
        try (InputStream in = Files.newInputStream(file)) {
            return read(in);
        }
    }

    static boolean isCsv(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".csv");
    }

    /** The book in YAML, which holds everything. */
    static String yaml(PriceBookDraft book) {
        try {
            return YAML.writeValueAsString(YAML.readTree(CanonicalJson.write(PriceBookDocument.brief(book))));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a book has no YAML form", e);
        }
    }
}
