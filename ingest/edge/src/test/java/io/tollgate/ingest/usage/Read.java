package io.tollgate.ingest.usage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tollgate.emitter.rules.Fault;
import io.tollgate.emitter.rules.RejectionReason;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads bodies in tests, and tells what came of them in words. */
final class Read {

    static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Read() {}

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(text, e);
        }
    }

    static Normalisation.Normalised normalised(UsageFormat format, String body) {
        return normalised(format, json(body));
    }

    static Normalisation.Normalised normalised(UsageFormat format, JsonNode body) {
        Normalisation read = format.normalise(body, "usage");
        assertThat(read).as("%s %s", format, body).isInstanceOf(Normalisation.Normalised.class);
        return (Normalisation.Normalised) read;
    }

    /** The meters as {@code context=11 input_tokens=11 output_tokens=41}, in the meters' order. */
    static String meters(UsageFormat format, String body) {
        return meters(normalised(format, body));
    }

    static String meters(Normalisation.Normalised read) {
        return "context=" + read.contextTokens() + " "
                + read.quantities().entrySet().stream().map(Map.Entry::toString).collect(Collectors.joining(" "));
    }

    static String refused(RejectionReason reason, UsageFormat format, String body) {
        Normalisation read = format.normalise(json(body), "usage");
        assertThat(read).as("%s %s", format, body).isInstanceOf(Normalisation.Refused.class);
        Fault fault = ((Normalisation.Refused) read).fault();
        assertThat(fault.reason()).as(fault.detail()).isEqualTo(reason);
        return fault.detail();
    }
}
