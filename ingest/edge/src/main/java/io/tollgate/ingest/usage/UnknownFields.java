package io.tollgate.ingest.usage;

import java.util.List;

/**
 * What stood in a usage body and was not read, because nobody knows it here: either it does not matter, or a vendor
 * counts something new.
 *
 * @param count how many, an object or array that is not known counting as one
 * @param paths where they stand, at most {@link #PATHS_MAX}, in the body's order
 */
public record UnknownFields(UsageFormat format, int count, List<String> paths) {

    public static final int PATHS_MAX = 32;

    public UnknownFields {
        paths = List.copyOf(paths);
    }
}
