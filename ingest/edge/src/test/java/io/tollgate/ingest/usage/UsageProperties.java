package io.tollgate.ingest.usage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tollgate.emitter.rules.RejectionReason;
import io.tollgate.ingest.cloudevents.CloudEventParser;
import io.tollgate.ingest.cloudevents.EventDefaults;
import io.tollgate.meters.MeterCatalogue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Laws of all formats; jqwik prints the seed of each run. */
class UsageProperties {

    private static final int BUDGET = 2000;
    private static final Instant ARRIVAL = Instant.parse("2026-01-02T00:00:00Z");

    /** What the formats' bodies have at the top. */
    private static final List<String> NAMES = Arrays.stream(UsageFormat.values())
            .flatMap(format ->
                    Layouts.body(format, new Split(Tokens.NONE, Tokens.NONE, 0, 0, Tokens.NONE, 0))
                            .properties()
                            .stream())
            .map(Map.Entry::getKey)
            .distinct()
            .toList();

    @Property(tries = BUDGET)
    void whateverTheLayoutTheSameUseGivesTheSameMeters(@ForAll UsageFormat format, @ForAll("splits") Split used) {
        Split split = used.within(format);
        Normalisation.Normalised read = Read.normalised(format, Layouts.body(format, split));
        assertThat(read.quantities()).isEqualTo(split.meters());
        assertThat(read.quantities().keySet())
                .allMatch(meter -> MeterCatalogue.usual().find(meter).isPresent());
        assertThat(read.contextTokens()).isEqualTo(split.prompt());
        assertThat(read.unknown().paths()).isEmpty();
        assertThat(read.quantities().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(split.total());
    }

    @Property(tries = BUDGET)
    void aTotalThatIsOffIsRefusedAndBothNumbersAreNamed(
            @ForAll UsageFormat format, @ForAll("splits") Split used, @ForAll("smallAmounts") long off) {
        Split split = used.within(format);
        String total = Layouts.total(format);
        if (total.isEmpty()) {
            return;
        }
        long wrong = split.total() + 1 + off;
        Normalisation read = format.normalise(Layouts.body(format, split).put(total, wrong), "usage");
        assertThat(read).isInstanceOfSatisfying(Normalisation.Refused.class, refused -> {
            assertThat(refused.fault().reason()).isEqualTo(RejectionReason.USAGE_TOTAL_MISMATCH);
            assertThat(refused.fault().detail()).contains(" is " + wrong + ",", " to " + split.total() + ":");
        });
    }

    @Property(tries = BUDGET)
    void noJsonMakesItThrow(@ForAll UsageFormat format, @ForAll("bodies") JsonNode body) {
        answersClearly(format, body);
    }

    @Property(tries = BUDGET)
    void noDamageMakesItThrow(
            @ForAll UsageFormat format,
            @ForAll("splits") Split used,
            @ForAll int where,
            @ForAll("jsonCharacters") char what) {
        byte[] body = Layouts.body(format, used.within(format)).toString().getBytes(StandardCharsets.UTF_8);
        body[Math.floorMod(where, body.length)] = (byte) what;
        try {
            answersClearly(format, Read.JSON.readTree(body));
        } catch (JsonProcessingException | NumberFormatException e) {
            assertThat(e)
                    .as("it is no JSON any more, or has an endless exponent")
                    .isNotNull();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Property(tries = BUDGET)
    void noSoupWithinAnEventMakesItThrow(
            @ForAll UsageFormat format, @ForAll byte[] soup, @ForAll("bodies") JsonNode body) {
        for (String usage : new String[] {new String(soup, StandardCharsets.UTF_8), body.toString()}) {
            String event = """
                    {"specversion":"1.0","type":"io.tollgate.usage.v1","source":"s","id":"1",\
                    "time":"2023-11-16T18:17:03Z","data":{"tenant":"acme","provider":"p","model":"m",\
                    "usageFormat":"%s","usage":%s}}""".formatted(format.code(), usage);
            assertThat(CloudEventParser.parse(event, EventDefaults.NONE, ARRIVAL))
                    .isNotNull();
        }
    }

    private static void answersClearly(UsageFormat format, JsonNode body) {
        Normalisation answer = format.normalise(body, "usage");
        if (answer instanceof Normalisation.Normalised read) {
            assertThat(read.quantities()).isNotEmpty();
            assertThat(read.quantities().values()).allMatch(amount -> amount >= 0);
            assertThat(read.quantities().keySet()).allMatch(meter -> meter.matches("[a-z][a-z0-9_]{0,63}"));
            assertThat(read.contextTokens()).isNotNegative();
            assertThat(read.unknown().paths()).hasSizeLessThanOrEqualTo(UnknownFields.PATHS_MAX);
        } else {
            assertThat(((Normalisation.Refused) answer).fault().detail())
                    .isNotBlank()
                    .hasSizeLessThan(1000);
        }
    }

    @Provide
    Arbitrary<Split> splits() {
        Arbitrary<Tokens> tokens =
                Combinators.combine(amounts(), amounts(), amounts()).as(Tokens::new);
        return Combinators.combine(tokens, tokens, amounts(), amounts(), tokens, amounts())
                .as(Split::new);
    }

    @Provide
    Arbitrary<Long> smallAmounts() {
        return Arbitraries.longs().between(0, 100);
    }

    @Provide
    Arbitrary<Character> jsonCharacters() {
        return Arbitraries.chars().with("0123456789-.eE\"{}[],:ntabcd ");
    }

    /** Objects with the formats' own names, and anything as their values. */
    @Provide
    Arbitrary<JsonNode> bodies() {
        return Arbitraries.recursive(UsageProperties::values, UsageProperties::object, 0, 3);
    }

    private static Arbitrary<JsonNode> object(Arbitrary<JsonNode> values) {
        Arbitrary<String> names = Arbitraries.of(NAMES);
        Arbitrary<String> inner = Arbitraries.of(
                "cached_tokens",
                "cache_write_tokens",
                "audio_tokens",
                "image_tokens",
                "reasoning_tokens",
                "cached_tokens_details",
                "ephemeral_5m_input_tokens",
                "thinking_tokens",
                "modality",
                "tokenCount",
                "ttl",
                "inputTokens",
                "input_tokens",
                "prompt_audio_seconds",
                "server_side_tool_usage_details",
                "web_search_calls");
        Arbitrary<JsonNode> object = Arbitraries.maps(Arbitraries.oneOf(names, inner), values)
                .ofMaxSize(12)
                .map(fields -> {
                    ObjectNode node = Read.JSON.createObjectNode();
                    node.setAll(fields);
                    return node;
                });
        Arbitrary<JsonNode> array = values.list()
                .ofMaxSize(3)
                .map(elements -> Read.JSON.createArrayNode().addAll(elements));
        return Arbitraries.frequencyOf(Tuple.of(8, object), Tuple.of(1, array), Tuple.of(4, values));
    }

    private static Arbitrary<JsonNode> values() {
        Arbitrary<JsonNode> good =
                amounts().map(amount -> Read.JSON.getNodeFactory().numberNode(amount.longValue()));
        Arbitrary<JsonNode> odd = Arbitraries.of(
                        "null",
                        "true",
                        "\"5m\"",
                        "\"AUDIO\"",
                        "\"\"",
                        "-1",
                        "1.5",
                        "1e3",
                        "9223372036854775807",
                        "9223372036854775808",
                        "1e999999999",
                        "{}",
                        "[]")
                .map(Read::json);
        return Arbitraries.frequencyOf(Tuple.of(6, good), Tuple.of(2, odd));
    }

    private static Arbitrary<Long> amounts() {
        return Arbitraries.oneOf(
                Arbitraries.just(0L),
                Arbitraries.longs().between(0, 10_000),
                Arbitraries.longs().between(0, 1L << 58));
    }
}
