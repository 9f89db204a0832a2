package io.tollgate.invoicing.http;

import io.tollgate.invoicing.billing.Zones;
import io.tollgate.invoicing.spend.Granularity;
import io.tollgate.invoicing.spend.SpendDimension;
import io.tollgate.invoicing.spend.SpendQuestion;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.Whose;
import io.tollgate.service.Caller;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads questions about spend and usage. */
final class SpendQuestions {

    static final String GRANULARITY =
            "how long the stretches of time are that it is told by: days, hours and months are those of the zone. A range has"
                    + " at most 8 days by `15min`, 32 days by `hour`, 1,100 days by `day`, and else 3,660";
    static final String ZONE =
            "of the IANA database, such as `Asia/Kathmandu`; if a single tenant is asked for, its own; else"
                    + " `UTC`. Dates in `from` and `to` are its midnights";
    static final String GROUP_BY =
            "repeated or comma separated; nothing is one group; a tag is `tag:` and its key. Also"
                    + " taken: the same in snake_case, `accelerator`, `tier`";
    static final String FILTER = "`<dimension>=<value>`, such as `model=gpt-4o` or `tag:team=search`; an empty value is"
            + " \"none\". Repeated: of one dimension any of the values, of all dimensions";
    static final String BOUNDARY = "a date (its midnight in the zone) or a time of RFC 3339, on a 15-minute boundary";

    private static final Map<Granularity, Duration> LONGEST = Map.of(
            Granularity.WINDOW, Duration.ofDays(8),
            Granularity.HOUR, Duration.ofDays(32),
            Granularity.DAY, Duration.ofDays(1_100),
            Granularity.MONTH, Duration.ofDays(3_660),
            Granularity.TOTAL, Duration.ofDays(3_660));

    /** There is no usage before or after, and months of years without four digits have no names. */
    private static final Instant EARLIEST = Instant.parse("1900-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

    private final Zones zones;

    SpendQuestions(Zones zones) {
        this.zones = zones;
    }

    /** What stands in a query string. */
    record Asked(
            @Nullable String from,
            @Nullable String to,
            @Nullable String granularity,
            @Nullable String zone,
            List<String> groupBy,
            List<String> filter,
            List<String> tenant) {}

    SpendQuestion question(Caller caller, Asked asked) {
        Whose whose = Parameters.whose(Callers.whose(caller, asked.tenant()));
        ZoneId zone = Parameters.zone(asked.zone()).orElseGet(() -> zones.of(whose));
        TimeRange range = Parameters.range(asked.from(), asked.to(), zone);
        Granularity granularity = granularity(asked.granularity());
        Duration longest = Optional.ofNullable(LONGEST.get(granularity)).orElseThrow();
        if (Duration.between(range.from(), range.to()).compareTo(longest) > 0) {
            throw Refusals.of(
                    Refusals.UNPROCESSABLE,
                    "range_too_long",
                    "by " + granularity.label() + " a range has at most " + longest.toDays() + " days");
        }
        if (range.from().isBefore(EARLIEST) || range.to().isAfter(LATEST)) {
            throw Parameters.invalid("from and to must be in the years 1900 to 9998");
        }
        SpendQuestion question = new SpendQuestion(
                range,
                granularity,
                zone,
                whose,
                Parameters.groupBy(asked.groupBy()),
                Parameters.filters(asked.filter()));
        requireOnGrid(question);
        return question;
    }

    /** By meter in any case: quantities of different meters do not add up. */
    static SpendQuestion perMeter(SpendQuestion question) {
        List<SpendDimension> groupBy = new ArrayList<>(question.groupBy());
        if (!groupBy.contains(SpendDimension.METER)) {
            groupBy.add(SpendDimension.METER);
        }
        return new SpendQuestion(
                question.range(), question.granularity(), question.zone(), question.whose(), groupBy, question.only());
    }

    private static Granularity granularity(@Nullable String text) {
        return Parameters.given(text)
                .map(name -> Granularity.named(name)
                        .orElseThrow(() -> Parameters.invalid("granularity must be one of "
                                + Stream.of(Granularity.values())
                                        .map(Granularity::label)
                                        .collect(Collectors.joining(", "))
                                + ", not " + Parameters.shown(name))))
                .orElse(Granularity.TOTAL);
    }

    /** Some zones had other offsets once than multiples of 15 minutes. */
    private static void requireOnGrid(SpendQuestion question) {
        try {
            question.periods();
        } catch (IllegalArgumentException e) {
            throw Refusals.of(
                    Refusals.UNPROCESSABLE,
                    "not_on_window_boundary",
                    "in " + question.zone() + " days of that time do not begin on a 15-minute boundary, and usage is"
                            + " not told apart within a window");
        }
    }
}
