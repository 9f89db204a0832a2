package io.tollgate.schemas;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;

/**
 * The frozen schemas of every release, self-contained, from which old records are read. A file that was released is
 * never edited; a new version gets a new file.
 */
final class ReleasedSchemas {

    private ReleasedSchemas() {}

    /** The released versions of the named record, by version number from 1. */
    static Map<Integer, Schema> of(String recordName) {
        Map<Integer, Schema> versions = new TreeMap<>();
        for (int version = 1; ; version++) {
            String file = "released/%s.v%d.avsc".formatted(recordName, version);
            try (InputStream in = ReleasedSchemas.class.getResourceAsStream(file)) {
                if (in == null) {
                    return Collections.unmodifiableMap(versions);
                }
                versions.put(version, new Schema.Parser().parse(in));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + file, e);
            }
        }
    }
}
