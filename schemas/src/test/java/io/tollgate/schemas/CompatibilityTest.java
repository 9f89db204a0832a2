package io.tollgate.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.events.RejectedEvent;
import io.tollgate.events.UsageEvent;
import io.tollgate.events.UsageRollup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaNormalization;
import org.junit.jupiter.api.Test;

/**
 * What was written with a released schema stays readable, and what is written now can be read by a released reader. When
 * this fails, the schema change is not allowed; do not touch the frozen files.
 */
class CompatibilityTest {

    private static final List<Schema> PRESENT =
            List.of(UsageEvent.getClassSchema(), UsageRollup.getClassSchema(), RejectedEvent.getClassSchema());

    /** Parsing fingerprints of the frozen schemas: a released file that is edited fails here. */
    private static final Map<String, String> FROZEN = Map.of(
            "UsageEvent.v1", "e572a669cefc57d4",
            "UsageRollup.v1", "604d6c791d75d3fa",
            "UsageRollup.v2", "2f84f88f29671264",
            "RejectedEvent.v1", "653eb7d071d312ab");

    @Test
    void presentSchemasAndReleasedOnesReadEachOther() {
        for (Schema present : PRESENT) {
            ReleasedSchemas.of(present.getName())
                    .forEach((version, released) -> assertThat(breaks(present, released))
                            .as("%s against its released version %d", present.getName(), version)
                            .isEmpty());
        }
    }

    @Test
    void releasedFilesAreNeverEdited() {
        for (Schema present : PRESENT) {
            Map<Integer, Schema> released = ReleasedSchemas.of(present.getName());
            assertThat(released).isNotEmpty();
            released.forEach((version, schema) -> assertThat(
                            "%016x".formatted(SchemaNormalization.parsingFingerprint64(schema)))
                    .isEqualTo(FROZEN.get("%s.v%d".formatted(present.getName(), version))));
        }
    }

    @Test
    void aFieldThatIsAddedWithoutADefaultIsFoundOut() {
        assertThat(breaks(withField("\"string\""), original())).isNotEmpty();
    }

    @Test
    void aFieldThatIsRemovedIsFoundOut() {
        assertThat(breaks(original(), withField("\"string\""))).isNotEmpty();
    }

    @Test
    void aFieldThatChangesItsTypeIsFoundOut() {
        assertThat(breaks(withField("\"string\""), withField("\"long\""))).isNotEmpty();
    }

    private static Schema original() {
        return new Schema.Parser().parse("{\"type\":\"record\",\"name\":\"R\",\"fields\":[]}");
    }

    private static Schema withField(String type) {
        return new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"f\",\"type\":%s}]}"
                        .formatted(type));
    }

    /** What keeps the two from reading each other's records. */
    private static List<String> breaks(Schema present, Schema released) {
        List<String> breaks = new ArrayList<>();
        breaks.addAll(unreadable(present, released, "present reader, released writer"));
        breaks.addAll(unreadable(released, present, "released reader, present writer"));
        return breaks;
    }

    private static List<String> unreadable(Schema reader, Schema writer, String direction) {
        return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                .getResult()
                .getIncompatibilities()
                .stream()
                .map(found -> "%s: %s at %s (%s)"
                        .formatted(direction, found.getType(), found.getLocation(), found.getMessage()))
                .toList();
    }
}
