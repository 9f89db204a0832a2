package io.tollgate.ingest.cloudevents;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.emitter.rules.EventLimits;
import io.tollgate.events.Dimensions;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Properties; jqwik prints the seed of each run. */
class CloudEventPropertiesTest {

    private static final Instant ARRIVAL = Instant.parse("2026-01-02T00:00:00Z");

    @Property
    void anyValidEventSurvivesJsonAndAvro(@ForAll("events") UsageEvent event) {
        assertThat(EventLimits.check(event, ARRIVAL)).isEmpty();
        String json = CloudEventWriter.write(event);
        Parsed parsed = CloudEventParser.parse(json, EventDefaults.NONE, ARRIVAL);
        assertThat(parsed).isEqualTo(new Parsed.Accepted(event));
        UsageEvent throughAvro = Codec.USAGE_EVENT.decode(Codec.USAGE_EVENT.encode(event));
        assertThat(throughAvro).isEqualTo(event);
        assertThat(CloudEventWriter.write(throughAvro)).isEqualTo(json);
        assertThat(Digest.of(throughAvro)).isEqualTo(Digest.of(event));
    }

    @Property
    void noBytesMakeItThrow(@ForAll byte[] soup) {
        assertThat(CloudEventParser.parse(soup, EventDefaults.NONE, ARRIVAL)).isInstanceOf(Parsed.Rejected.class);
        for (EventBatch.Form form : EventBatch.Form.values()) {
            assertThat(EventBatch.split(soup, form, 10)).isNotNull();
        }
    }

    @Property
    void noDamageMakesItThrowAndNoneIsTakenForTheWholeEvent(
            @ForAll("events") UsageEvent event, @ForAll int where, @ForAll byte what, @ForAll boolean cut) {
        byte[] json = CloudEventWriter.write(event).getBytes(StandardCharsets.UTF_8);
        int place = Math.floorMod(where, json.length);
        byte[] damaged = cut ? Arrays.copyOf(json, place) : json.clone();
        if (!cut) {
            damaged[place] = what;
        }
        Parsed parsed = CloudEventParser.parse(damaged, EventDefaults.NONE, ARRIVAL);
        if (cut) {
            assertThat(parsed).isInstanceOf(Parsed.Rejected.class);
        } else if (parsed instanceof Parsed.Accepted accepted
                && damaged[place] != json[place]
                && json[place] != 'T'
                && json[place] != 'Z') {
            // Some damage makes another good event, but never the same one: every byte means something, but for the
            // letters of the time, of which RFC 3339 takes the small ones too.
            assertThat(accepted.event()).isNotEqualTo(event);
        }
    }

    @Property
    void aBatchIsCutIntoTheVeryBytesOfItsEvents(@ForAll("events") UsageEvent one, @ForAll("events") UsageEvent other) {
        String first = CloudEventWriter.write(one);
        String second = CloudEventWriter.write(other);
        for (String body : new String[] {"[" + first + ",\n" + second + "]", " [ " + first + " , " + second + " ] "}) {
            assertThat(EventBatch.split(body.getBytes(StandardCharsets.UTF_8), EventBatch.Form.ARRAY, 2))
                    .isInstanceOfSatisfying(
                            EventBatch.Events.class,
                            events -> assertThat(events.originals())
                                    .extracting(bytes -> new String(bytes, StandardCharsets.UTF_8))
                                    .containsExactly(first, second));
        }
    }

    /** What is read in one pass is what is read event by event, and usual events are. */
    @Property
    void onePassReadsWhatTwoDo(
            @ForAll("events") UsageEvent one,
            @ForAll("events") UsageEvent other,
            @ForAll int where,
            @ForAll byte what,
            @ForAll boolean damage) {
        byte[] body = ("[" + CloudEventWriter.write(one) + ", " + CloudEventWriter.write(other) + "]\n")
                .getBytes(StandardCharsets.UTF_8);
        if (damage) {
            body[Math.floorMod(where, body.length)] = what;
        }
        Optional<List<CloudEventParser.Placed>> atOnce =
                CloudEventParser.parseAll(ByteBuffer.wrap(body), 2, EventDefaults.NONE, ARRIVAL);
        assertThat(damage || atOnce.isPresent()).isTrue();
        if (atOnce.isPresent()) {
            EventBatch batch = EventBatch.split(body, EventBatch.Form.ARRAY, 2);
            assertThat(batch).isInstanceOf(EventBatch.Events.class);
            List<byte[]> originals = ((EventBatch.Events) batch).originals();
            assertThat(atOnce.get())
                    .extracting(CloudEventParser.Placed::parsed)
                    .isEqualTo(originals.stream()
                            .map(each -> CloudEventParser.parse(each, EventDefaults.NONE, ARRIVAL))
                            .toList());
            assertThat(atOnce.get())
                    .extracting(each -> Arrays.copyOfRange(body, each.start(), each.end()))
                    .usingElementComparator(Arrays::compare)
                    .isEqualTo(originals);
        }
        assertThat(CloudEventParser.parseAll(ByteBuffer.wrap(body), 1, EventDefaults.NONE, ARRIVAL))
                .isEmpty();
    }

    @Provide
    Arbitrary<UsageEvent> events() {
        Arbitrary<Map<String, Long>> quantities = Arbitraries.maps(
                        Arbitraries.strings()
                                .withCharRange('a', 'z')
                                .numeric()
                                .withChars('_')
                                .ofMaxLength(63)
                                .map(rest -> "m" + rest),
                        Arbitraries.longs().greaterOrEqual(0))
                .ofMinSize(1)
                .ofMaxSize(8);
        Arbitrary<Instant> times = Arbitraries.longs()
                .between(0, ChronoUnit.MICROS.between(Instant.EPOCH, ARRIVAL))
                .map(micros -> Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
        return Combinators.combine(
                        names(),
                        names(),
                        times,
                        dimensions(),
                        Arbitraries.longs().greaterOrEqual(0),
                        quantities,
                        names().injectNull(0.7))
                .as((source, id, time, dimensions, context, amounts, reversed) -> reversed == null
                        ? new UsageEvent(source, id, time, dimensions, context, amounts, null)
                        : new UsageEvent(
                                source,
                                id,
                                time,
                                dimensions,
                                context,
                                amounts.entrySet().stream()
                                        .collect(Collectors.toMap(Map.Entry::getKey, each -> -each.getValue())),
                                new EventIdentity(source + "x", reversed)));
    }

    private static Arbitrary<Dimensions> dimensions() {
        Arbitrary<String> tenants =
                Arbitraries.strings().alpha().numeric().ofMinLength(1).ofMaxLength(128);
        Arbitrary<Map<String, String>> tags =
                Arbitraries.maps(text(1, 64), text(0, 256)).ofMaxSize(4);
        return Combinators.combine(tenants, tags, names(), names(), optionalNames(), optionalNames(), names(), names())
                .as((tenant, tag, provider, model, project, requested, tier, operation) -> new Dimensions(
                        tenant, project, tag, provider, model, requested, requested, project, operation, tier,
                        "success"));
    }

    private static Arbitrary<String> optionalNames() {
        return Arbitraries.oneOf(Arbitraries.just(""), names());
    }

    /** Up to 255, so that one more character still fits. */
    private static Arbitrary<String> names() {
        return text(1, 255).filter(name -> !name.isBlank());
    }

    private static Arbitrary<String> text(int min, int max) {
        return Arbitraries.strings()
                .withCharRange(' ', '~')
                .withCharRange('\u00a0', '\ud7ff')
                .withCharRange('\ue000', '\ufdcf')
                .ofMinLength(min)
                .ofMaxLength(max);
    }
}
