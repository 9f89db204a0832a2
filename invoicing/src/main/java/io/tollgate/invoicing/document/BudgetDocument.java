package io.tollgate.invoicing.document;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.budget.Budget;
import io.tollgate.invoicing.budget.Cycle;
import io.tollgate.invoicing.budget.Measure;
import io.tollgate.invoicing.budget.Subject;
import io.tollgate.invoicing.usage.Whose;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A budget as JSON. Amounts and per cents are strings of decimal digits, days are {@code yyyy-MM-dd}.
 *
 * @param tenant whose usage it counts; of a tenant's token, its own if absent
 * @param project only this one's
 * @param tags only usage with all of these; an API key is the tag {@code api_key_id}
 * @param period {@code day}, {@code week} (from Monday), {@code month}, {@code quarter}, {@code year}, in the tenant's
 *     zone; or {@code fixed}, {@code from} a day to the day before {@code to}
 * @param amount in major units of the currency, or base units of the meter
 * @param currency that the tenant is priced in; this or {@code meter}
 * @param cost which cost of usage: {@code list}, {@code contracted}, {@code billed} or {@code effective}, as if absent
 * @param meter what is counted instead of a cost, such as {@code input_tokens}
 * @param thresholds per cents of the amount that raise an alert when they are used; 80 and 100 if absent
 * @param forecastThresholds per cents that raise one when they are expected to be used by the period's end; none if absent
 * @param enforced whether the budget check says no when it is used up; yes if absent
 * @param whenUnknown what the budget check says while nobody knows how much is used, or usage is billed in another
 *     currency than the budget's: {@code allow}, as if absent, or {@code deny}
 * @param recipients mail addresses that its alerts go to, beside webhooks
 */
@Schema(name = "BudgetRequest")
public record BudgetDocument(
        @JsonProperty(required = true) String name,
        Optional<String> tenant,
        Optional<String> project,
        Optional<Map<String, String>> tags,
        @JsonProperty(required = true) String period,
        Optional<String> from,
        Optional<String> to,
        @JsonProperty(required = true) String amount,
        Optional<String> currency,
        Optional<String> cost,
        Optional<String> meter,
        Optional<List<String>> thresholds,
        Optional<List<String>> forecastThresholds,
        Optional<Boolean> enforced,
        Optional<String> whenUnknown,
        Optional<List<String>> recipients) {

    private static final List<String> USUAL_THRESHOLDS = List.of("80", "100");
    private static final int NAME_MAX = 128;
    private static final int LABEL_MAX = 256;
    private static final int ENTRIES_MAX = 20;
    private static final String FIXED = "fixed";
    private static final int FIXED_FROM_YEAR = 2000;
    private static final int FIXED_TO_YEAR = 9000;
    private static final int FIXED_YEARS_MAX = 5;

    public static BudgetDocument of(Budget.Wish wish) {
        Optional<Cycle.Fixed> fixed =
                Optional.of(wish.cycle()).filter(Cycle.Fixed.class::isInstance).map(Cycle.Fixed.class::cast);
        Optional<Measure.OfCost> cost = Optional.of(wish.measure())
                .filter(Measure.OfCost.class::isInstance)
                .map(Measure.OfCost.class::cast);
        return new BudgetDocument(
                wish.name(),
                Optional.of(wish.subject().tenant()),
                wish.subject().project(),
                Optional.of(wish.subject().tags()),
                wish.cycle().label(),
                fixed.map(days -> days.from().toString()),
                fixed.map(days -> days.to().toString()),
                wish.amount().toPlainString(),
                cost.map(Measure.OfCost::unit),
                cost.map(counted -> counted.kind().label()),
                cost.isPresent() ? Optional.empty() : Optional.of(wish.measure().unit()),
                Optional.of(texts(wish.thresholds())),
                Optional.of(texts(wish.forecastThresholds())),
                Optional.of(wish.enforced()),
                Optional.of(wish.allowedWhenUnknown() ? "allow" : "deny"),
                Optional.of(List.copyOf(wish.recipients())));
    }

    /**
     * What it says.
     *
     * @param whose the tenant, if it does not name one
     * @throws Reading.FaultsException if it makes no sense
     */
    public Budget.Wish toWish(Optional<String> whose) {
        Reading reading = new Reading();
        Optional<String> called = reading.at("/name", () -> text(name, "name", NAME_MAX));
        Optional<Subject> subject = subject(reading, whose);
        Optional<Cycle> cycle = reading.at("/period", this::cycle);
        Optional<Measure> measure = reading.at(meter.isPresent() ? "/meter" : "/currency", this::measure);
        Optional<BigDecimal> wanted = reading.at("/amount", () -> Reading.decimal(amount, "amount"));
        SortedSet<BigDecimal> used = percents(reading, "/thresholds", thresholds.orElse(USUAL_THRESHOLDS));
        SortedSet<BigDecimal> expected = percents(reading, "/forecastThresholds", forecastThresholds.orElse(List.of()));
        Optional<Boolean> allowed = reading.at("/whenUnknown", this::allowedWhenUnknown);
        SortedSet<String> addresses =
                new TreeSet<>(reading.each("/recipients", recipients, address -> text(address, "address", LABEL_MAX)));
        limit(reading, "/recipients", addresses.size());
        Supplier<Budget.Wish> whole = () -> new Budget.Wish(
                called.orElseThrow(),
                subject.orElseThrow(),
                cycle.orElseThrow(),
                measure.orElseThrow(),
                wanted.orElseThrow(),
                used,
                expected,
                enforced.orElse(true),
                allowed.orElseThrow(),
                addresses);
        reading.requireNoFaults();
        Optional<Budget.Wish> wish = reading.at("", whole);
        reading.requireNoFaults();
        return wish.orElseThrow();
    }

    private Optional<Subject> subject(Reading reading, Optional<String> whose) {
        Optional<String> named = reading.at("/tenant", () -> {
            String tenantName = Reading.required(tenant.or(() -> whose).orElse(null), "tenant");
            if (!Whose.isBillable(tenantName)) {
                throw new IllegalArgumentException("it is no tenant's name");
            }
            return tenantName;
        });
        Optional<Optional<String>> part =
                reading.at("/project", () -> project.map(text -> text(text, "project", LABEL_MAX)));
        Optional<SortedMap<String, String>> wanted = reading.at("/tags", () -> {
            SortedMap<String, String> checked = new TreeMap<>();
            tags.orElse(Map.of())
                    .forEach((key, value) ->
                            checked.put(text(key, "a key", LABEL_MAX), text(value, "the value of " + key, LABEL_MAX)));
            return checked;
        });
        wanted.ifPresent(checked -> limit(reading, "/tags", checked.size()));
        return named.flatMap(who -> part.flatMap(within -> wanted.map(labels -> new Subject(who, within, labels))));
    }

    private Cycle cycle() {
        String label = Reading.required(period, "period");
        if (label.equals(FIXED)) {
            LocalDate first = Reading.day(from.orElse(null), "from of a fixed period");
            LocalDate end = Reading.day(to.orElse(null), "to of a fixed period");
            // Zones once had offsets that are no multiples of 15 minutes; and each month is a reading.
            if (first.getYear() < FIXED_FROM_YEAR
                    || first.getYear() > FIXED_TO_YEAR
                    || end.isAfter(first.plusYears(FIXED_YEARS_MAX))) {
                throw new IllegalArgumentException("a fixed period begins in the years " + FIXED_FROM_YEAR + " to "
                        + FIXED_TO_YEAR + " and lasts " + FIXED_YEARS_MAX + " years at most");
            }
            return new Cycle.Fixed(first, end);
        }
        if (from.isPresent() || to.isPresent()) {
            throw new IllegalArgumentException("only a fixed period has from and to");
        }
        return new Cycle.Every(Arrays.stream(Cycle.Unit.values())
                .filter(unit -> unit.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("period must be one of "
                        + Arrays.stream(Cycle.Unit.values())
                                .map(Cycle.Unit::label)
                                .collect(Collectors.joining(", "))
                        + ", fixed")));
    }

    private Measure measure() {
        if (meter.isPresent()) {
            if (currency.isPresent() || cost.isPresent()) {
                throw new IllegalArgumentException("a budget counts a cost in a currency or a meter, not both");
            }
            return new Measure.OfMeter(text(meter.get(), "meter", LABEL_MAX));
        }
        String wanted = cost.orElse(Measure.Kind.EFFECTIVE.label());
        return new Measure.OfCost(
                Arrays.stream(Measure.Kind.values())
                        .filter(kind -> kind.label().equals(wanted))
                        .findFirst()
                        .orElseThrow(() ->
                                new IllegalArgumentException("cost must be list, contracted, billed or effective")),
                PriceBookDocument.currency(Reading.required(currency.orElse(null), "currency, or a meter,")));
    }

    private boolean allowedWhenUnknown() {
        return switch (whenUnknown.orElse("allow").toLowerCase(Locale.ROOT)) {
            case "allow" -> true;
            case "deny" -> false;
            default -> throw new IllegalArgumentException("whenUnknown must be allow or deny");
        };
    }

    private static SortedSet<BigDecimal> percents(Reading reading, String pointer, List<String> texts) {
        limit(reading, pointer, texts.size());
        return new TreeSet<>(reading.each(
                pointer,
                Optional.of(texts),
                text -> Reading.decimal(text, "a per cent").stripTrailingZeros()));
    }

    private static void limit(Reading reading, String pointer, int entries) {
        if (entries > ENTRIES_MAX) {
            reading.fault("invalid_value", pointer, "there are more than " + ENTRIES_MAX + " entries");
        }
    }

    private static List<String> texts(SortedSet<BigDecimal> percents) {
        return percents.stream().map(BigDecimal::toPlainString).toList();
    }

    private static String text(@Nullable String text, String name, int lengthMax) {
        String given = Reading.required(text, name);
        if (given.isBlank() || given.length() > lengthMax || given.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(name + " must have 1 to " + lengthMax + " signs, none of control");
        }
        return given;
    }
}
