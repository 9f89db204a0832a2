package io.tollgate.invoicing.http;

import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.spend.SpendDimension;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.Whose;
import io.tollgate.invoicing.usage.Window;
import io.tollgate.service.ProblemException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads query parameters; what cannot be read is answered with a problem that names it. */
final class Parameters {

    /** Characters that a text for people has at most. */
    static final int TEXT_MAX = 1000;

    private static final MediaType CSV = new MediaType("text", "csv");
    private static final int SHOWN_MAX = 128;

    private Parameters() {}

    static Optional<String> given(@Nullable String value) {
        return Optional.ofNullable(value).filter(text -> !text.isBlank());
    }

    static InvoiceId invoiceId(String text) {
        return InvoiceId.parse(text)
                .orElseThrow(() -> Refusals.of(
                        Refusals.NOT_FOUND,
                        "no_invoice",
                        shown(text) + " is no invoice's id; one reads <tenant>.<yyyy-MM>.<revision>"));
    }

    static Optional<String> tenant(@Nullable String text) {
        return given(text).map(Parameters::billable);
    }

    /** What could be no tenant's name gets no further: PostgreSQL has no text with a NUL in it. */
    static String billable(String tenant) {
        if (!Whose.isBillable(tenant)) {
            throw Refusals.of(
                    Refusals.UNPROCESSABLE,
                    "invalid_tenant",
                    shown(tenant) + " is no tenant's name: it has 1 to 128 of letters, digits and . _ @ -, and starts"
                            + " with a letter or digit");
        }
        return tenant;
    }

    /** As it may stand in a sentence. */
    static String shown(String value) {
        String clean = value.replaceAll("\\p{Cntrl}", "?");
        return "\"" + (clean.length() > SHOWN_MAX ? clean.substring(0, SHOWN_MAX) + "…" : clean) + "\"";
    }

    static Optional<YearMonth> month(@Nullable String text) {
        return given(text)
                .map(value -> InvoiceId.parseMonth(value)
                        .orElseThrow(() -> invalid("period must be a month such as 2023-11, not " + shown(value))));
    }

    /** A time of RFC 3339, or a date for its midnight in UTC. */
    static Instant instant(String name, @Nullable String text) {
        return instant(name, text, ZoneOffset.UTC);
    }

    /** A time of RFC 3339, or a date for its midnight in the zone. */
    private static Instant instant(String name, @Nullable String text, ZoneId zone) {
        String value = given(text).orElseThrow(() -> invalid(name + " is missing"));
        try {
            return value.length() == "2023-11-01".length()
                    ? LocalDate.parse(value).atStartOfDay(zone).toInstant()
                    : OffsetDateTime.parse(value).toInstant();
        } catch (DateTimeParseException e) {
            throw invalid(name + " must be a date, or a time as in RFC 3339, not " + shown(value));
        }
    }

    /** A date of the years from 1970 on, which all databases know. */
    static Optional<LocalDate> date(String name, @Nullable String text) {
        return given(text).map(value -> {
            try {
                if (value.matches("(19[7-9]|[2-9]\\d\\d)\\d-\\d\\d-\\d\\d")) {
                    return LocalDate.parse(value);
                }
            } catch (DateTimeParseException e) {
                throw invalid(name + " is no date: " + shown(value));
            }
            throw invalid(name + " must be a date from 1970 on, such as 2023-11-17, not " + shown(value));
        });
    }

    static TimeRange range(@Nullable String fromText, @Nullable String toText) {
        return range(fromText, toText, ZoneOffset.UTC);
    }

    /** Dates are midnights of the zone. */
    static TimeRange range(@Nullable String fromText, @Nullable String toText, ZoneId zone) {
        Instant from = instant("from", fromText, zone);
        Instant to = instant("to", toText, zone);
        for (Instant bound : List.of(from, to)) {
            if (!Window.startsAt(bound)) {
                throw Refusals.of(
                        Refusals.UNPROCESSABLE,
                        "not_on_window_boundary",
                        bound + " is not on a 15-minute boundary, and usage is not told apart within a window");
            }
        }
        if (!from.isBefore(to)) {
            throw Refusals.of(Refusals.UNPROCESSABLE, "empty_range", "from must be before to; to is exclusive");
        }
        return new TimeRange(from, to);
    }

    /** Repeated, comma separated, or both; each dimension counts once. */
    static List<SpendDimension> groupBy(List<String> values) {
        return split(values).stream().map(Parameters::dimension).distinct().toList();
    }

    private static SpendDimension dimension(String name) {
        return SpendDimension.named(name)
                .orElseThrow(() -> invalid("there is no dimension " + shown(name) + "; there are tag:<key>, "
                        + String.join(
                                ", ",
                                SpendDimension.FIXED.stream()
                                        .map(SpendDimension::label)
                                        .toList())));
    }

    /** Each is a dimension, = and a value; of one dimension, any of the values is wanted. */
    static Map<SpendDimension, Set<String>> filters(List<String> filters) {
        Map<SpendDimension, Set<String>> only = new TreeMap<>();
        for (String filter : filters) {
            int equals = filter.indexOf('=');
            if (equals < 1) {
                throw invalid("filter must be a dimension, = and a value, such as model=gpt-4o, not " + shown(filter));
            }
            only.computeIfAbsent(dimension(filter.substring(0, equals)), key -> new TreeSet<>())
                    .add(filter.substring(equals + 1));
        }
        return only;
    }

    /** Whether {@code csv} is asked for, or {@code json}; by the format, or what the caller would rather have. */
    static boolean isCsv(@Nullable String format, HttpHeaders headers) {
        return given(format)
                .map(name -> {
                    if (!name.equals("csv") && !name.equals("json")) {
                        throw invalid("format must be json or csv, not " + shown(name));
                    }
                    return name.equals("csv");
                })
                .orElseGet(() -> headers.getAcceptableMediaTypes().stream()
                        .filter(type -> type.isCompatible(CSV) || type.isCompatible(MediaType.APPLICATION_JSON_TYPE))
                        .findFirst()
                        .filter(type -> !type.isCompatible(MediaType.APPLICATION_JSON_TYPE))
                        .isPresent());
    }

    /** A time zone of the IANA database, or an offset. */
    static Optional<ZoneId> zone(@Nullable String text) {
        return given(text).map(name -> {
            try {
                return ZoneId.of(name);
            } catch (DateTimeException e) {
                throw invalid("zone must be one of the IANA database such as Asia/Kathmandu, not " + shown(name));
            }
        });
    }

    /** Those named, or everybody if none is. */
    static Whose whose(List<String> tenants) {
        Set<String> named =
                split(tenants).stream().map(Parameters::billable).collect(Collectors.toCollection(TreeSet::new));
        return named.isEmpty() ? new Whose.Everybodys() : Whose.tenants(named);
    }

    static int limit(int limit, int max) {
        if (limit < 1 || limit > max) {
            throw invalid("limit must be from 1 to " + max + ", not " + limit);
        }
        return limit;
    }

    static String cursor(InvoiceId last) {
        return encoded(last.toString());
    }

    static Optional<InvoiceId> cursor(@Nullable String text) {
        return given(text).map(value -> InvoiceId.parse(decoded(value)).orElseThrow(Parameters::noCursor));
    }

    /** Of a list in order of parts, none of which has a line break. */
    static String cursorOf(String... parts) {
        return encoded(String.join("\n", parts));
    }

    /** The parts, if that is how many there are. */
    static Optional<List<String>> cursor(@Nullable String text, int parts) {
        return given(text).map(value -> {
            List<String> read = List.of(decoded(value).split("\n", -1));
            // PostgreSQL has no text with a NUL in it.
            if (read.size() != parts || read.stream().anyMatch(part -> part.indexOf('\0') >= 0)) {
                throw noCursor();
            }
            return read;
        });
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String cursor) {
        try {
            return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw noCursor();
        }
    }

    private static ProblemException noCursor() {
        return invalid("cursor is none of ours");
    }

    /** Words for people, with a length; PostgreSQL has no text with a NUL in it. */
    static boolean isText(String value) {
        return !value.isBlank() && value.length() <= TEXT_MAX && value.indexOf('\0') < 0;
    }

    static ProblemException invalid(String detail) {
        return Refusals.of(Refusals.BAD_REQUEST, "invalid_parameter", detail);
    }

    /** Repeated, comma separated, or both. */
    static List<String> split(List<String> values) {
        return values.stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .toList();
    }
}
