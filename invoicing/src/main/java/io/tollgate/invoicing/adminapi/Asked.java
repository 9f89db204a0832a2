package io.tollgate.invoicing.adminapi;

import io.tollgate.service.Problem;
import io.tollgate.service.ProblemException;
import jakarta.ws.rs.core.MultivaluedMap;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A request's query parameters, as these APIs take them: several values are repeated, with brackets after the name
 * ({@code group_by[]=}) or without, whichever way a client has. What is not known is passed over, as the vendors do.
 */
record Asked(MultivaluedMap<String, String> parameters) {

    private static final int SHOWN_MAX = 128;

    /** Seconds that a time may have: what ClickHouse has for the start of a window. */
    private static final long SECONDS_MAX = 0xFFFF_FFFFL;

    Optional<String> one(String name) {
        return many(name).stream().findFirst();
    }

    List<String> many(String name) {
        List<String> values = new ArrayList<>(parameters.getOrDefault(name, List.of()));
        values.addAll(parameters.getOrDefault(name + "[]", List.of()));
        values.removeIf(String::isEmpty);
        return values;
    }

    Optional<Long> integer(String name) {
        return one(name).map(text -> {
            if (!text.matches("-?[0-9]{1,18}")) {
                throw invalid(name, "must be an integer, not " + shown(text));
            }
            return Long.parseLong(text);
        });
    }

    /** A time in seconds since 1970. */
    Optional<Instant> seconds(String name) {
        return integer(name).map(seconds -> {
            if (seconds < 0 || seconds > SECONDS_MAX) {
                throw invalid(name, "must be in seconds since 1970, not " + seconds);
            }
            return Instant.ofEpochSecond(seconds);
        });
    }

    /** A time of RFC 3339. */
    Optional<Instant> time(String name) {
        return one(name).map(text -> {
            try {
                Instant instant = OffsetDateTime.parse(text).toInstant();
                if (instant.getEpochSecond() < 0 || instant.getEpochSecond() > SECONDS_MAX) {
                    throw invalid(name, "must be from 1970 to 2105, not " + shown(text));
                }
                return instant;
            } catch (DateTimeException e) {
                throw invalid(name, "must be a time as in RFC 3339, such as 2025-08-01T00:00:00Z, not " + shown(text));
            }
        });
    }

    Instant required(String name, Optional<Instant> value) {
        return value.orElseThrow(() -> invalid(name, "is required"));
    }

    BucketWidth width(Set<BucketWidth> allowed) {
        return one("bucket_width")
                .map(text -> BucketWidth.named(text)
                        .filter(allowed::contains)
                        .orElseThrow(() -> invalid(
                                "bucket_width",
                                "must be one of "
                                        + allowed.stream()
                                                .map(BucketWidth::label)
                                                .sorted()
                                                .collect(Collectors.joining(", "))
                                        + ", not " + shown(text))))
                .orElse(BucketWidth.DAY);
    }

    int limit(int usual, int most) {
        return integer("limit")
                .map(limit -> {
                    if (limit < 1 || limit > most) {
                        throw invalid("limit", "must be from 1 to " + most + ", not " + limit);
                    }
                    return limit.intValue();
                })
                .orElse(usual);
    }

    /** What results are to be told apart by, each once. */
    List<Facet> groupBy(List<Facet> known) {
        Set<Facet> facets = new LinkedHashSet<>();
        for (String name : many("group_by").stream()
                .flatMap(text -> Arrays.stream(text.split(",", -1)))
                .toList()) {
            facets.add(known.stream()
                    .filter(facet -> facet.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> invalid(
                            "group_by",
                            "must be of "
                                    + known.stream().map(Facet::name).collect(Collectors.joining(", "))
                                    + ", not " + shown(name))));
        }
        return List.copyOf(facets);
    }

    /** @param filters parameter to the facet that it restricts */
    Map<Facet, Set<String>> only(Map<String, Facet> filters) {
        Map<Facet, Set<String>> only = new LinkedHashMap<>();
        filters.forEach((name, facet) -> {
            Set<String> values = new LinkedHashSet<>(many(name));
            if (!values.isEmpty()) {
                only.put(facet, values);
            }
        });
        return Collections.unmodifiableMap(only);
    }

    /** {@code true} or {@code false}. */
    void requireFlag(String name) {
        one(name).filter(text -> !text.equals("true") && !text.equals("false")).ifPresent(text -> {
            throw invalid(name, "must be true or false, not " + shown(text));
        });
    }

    /**
     * Where the page begins that is asked for.
     *
     * @param from of the first page
     * @param to of the last
     */
    Instant page(Instant from, Instant to, BucketWidth width) {
        return one("page")
                .map(cursor -> PageCursor.read(cursor)
                        .filter(start -> start.isAfter(from)
                                && start.isBefore(to)
                                && width.before(start).equals(start))
                        .orElseThrow(
                                () -> invalid("page", "must be next_page of an answer to the same question, no other")))
                .orElse(from);
    }

    static ProblemException invalid(String name, String what) {
        return new ProblemException(
                Problem.of(400, "invalid_parameter", name + " " + what + ".").with("parameter", name));
    }

    static String shown(String value) {
        String clean = value.replaceAll("\\p{Cntrl}", "?");
        return "\"" + (clean.length() > SHOWN_MAX ? clean.substring(0, SHOWN_MAX) + "…" : clean) + "\"";
    }
}
