package io.tollgate.invoicing.alert;

import io.tollgate.invoicing.budget.Budget;
import io.tollgate.invoicing.budget.Counted;
import io.tollgate.invoicing.budget.Measure;
import io.tollgate.invoicing.usage.TimeRange;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Why an alert is raised. */
public sealed interface Cause {

    /** Stable, for programs. */
    String kind();

    /** What it is about: the id of a budget or an anomaly. Alerts about one subject are told in their order. */
    String subject();

    /** What makes it this alert and no other: an alert of the same kind and key is raised once, for ever. */
    String key();

    /** For people, a sentence. */
    String headline();

    /** The particulars, name to value, the names in camelCase; amounts are decimal digits, times as in RFC 3339. */
    SortedMap<String, String> facts();

    /** Path of the subject in the API. */
    String link();

    /** So much of a budget is used. Once in a period; of a budget that is changed, once for what it was changed to. */
    record ThresholdCrossed(
            Budget budget, TimeRange period, BigDecimal percent, BigDecimal used, Instant countedThrough)
            implements Cause {

        public static final String KIND = "threshold_crossed";

        @Override
        public String kind() {
            return KIND;
        }

        @Override
        public String subject() {
            return budget.id();
        }

        @Override
        public String key() {
            return Cause.key(budget, period, percent);
        }

        @Override
        public String headline() {
            return Cause.name(budget) + " has used " + percent.toPlainString() + " % of its " + Cause.amount(budget);
        }

        @Override
        public SortedMap<String, String> facts() {
            SortedMap<String, String> facts = Cause.facts(budget, period, percent);
            facts.put("used", used.toPlainString());
            facts.put("countedThrough", countedThrough.toString());
            return Collections.unmodifiableSortedMap(facts);
        }

        @Override
        public String link() {
            return "/v1/budgets/" + budget.id();
        }
    }

    /** So much of a budget is expected to be used by the end of its period, though it is not yet. As often as the other. */
    record BreachForecast(
            Budget budget, TimeRange period, BigDecimal percent, BigDecimal used, BigDecimal expected, String method)
            implements Cause {

        public static final String KIND = "breach_forecast";

        @Override
        public String kind() {
            return KIND;
        }

        @Override
        public String subject() {
            return budget.id();
        }

        @Override
        public String key() {
            return Cause.key(budget, period, percent);
        }

        @Override
        public String headline() {
            return Cause.name(budget) + " is expected to use " + percent.toPlainString() + " % of its "
                    + Cause.amount(budget) + " by " + period.to();
        }

        @Override
        public SortedMap<String, String> facts() {
            SortedMap<String, String> facts = Cause.facts(budget, period, percent);
            facts.put("used", used.toPlainString());
            facts.put("expected", expected.toPlainString());
            facts.put("method", method);
            return Collections.unmodifiableSortedMap(facts);
        }

        @Override
        public String link() {
            return "/v1/budgets/" + budget.id();
        }
    }

    /** Usage is billed in another currency than the budget's, so the budget does not count it. Once in a period. */
    record CurrencyDiffers(Budget budget, Counted counted) implements Cause {

        public static final String KIND = "currency_differs";

        @Override
        public String kind() {
            return KIND;
        }

        @Override
        public String subject() {
            return budget.id();
        }

        @Override
        public String key() {
            return String.join(
                    " ",
                    budget.id(),
                    counted.period().from().toString(),
                    budget.measure().unit());
        }

        @Override
        public String headline() {
            return Cause.name(budget) + " is in " + budget.measure().unit()
                    + ", and does not count usage that is billed in " + String.join(", ", currencies());
        }

        private Set<String> currencies() {
            Set<String> currencies = new TreeSet<>(counted.elsewhere().keySet());
            counted.billedIn().ifPresent(currency -> currencies.add(currency.getCurrencyCode()));
            currencies.remove(budget.measure().unit());
            return currencies;
        }

        @Override
        public SortedMap<String, String> facts() {
            SortedMap<String, String> facts = Cause.facts(budget, counted.period());
            facts.put("used", counted.used().toPlainString());
            facts.put("countedThrough", counted.through().toString());
            counted.elsewhere().forEach((currency, amount) -> facts.put("used" + currency, amount.toPlainString()));
            return Collections.unmodifiableSortedMap(facts);
        }

        @Override
        public String link() {
            return "/v1/budgets/" + budget.id();
        }
    }

    /**
     * Spend that is not as usual.
     *
     * @param id of the anomaly
     * @param headline for people, a sentence
     * @param facts the particulars
     * @param link path of it in the API
     */
    record Anomaly(String id, String headline, SortedMap<String, String> facts, String link) implements Cause {

        public static final String KIND = "anomaly";

        public Anomaly {
            facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
        }

        @Override
        public String kind() {
            return KIND;
        }

        @Override
        public String subject() {
            return id;
        }

        @Override
        public String key() {
            return id;
        }
    }

    private static String key(Budget budget, TimeRange period, BigDecimal percent) {
        return String.join(
                " ",
                budget.id(),
                period.from().toString(),
                percent.stripTrailingZeros().toPlainString(),
                budget.amount().stripTrailingZeros().toPlainString(),
                budget.measure().unit(),
                budget.measure() instanceof Measure.OfCost counted
                        ? counted.kind().label()
                        : "",
                budget.wish().cycle().label(),
                // What it counts, each part with its length, so that no two read alike.
                Stream.concat(
                                Stream.of(budget.subject().project().orElse("")),
                                budget.subject().tags().entrySet().stream()
                                        .flatMap(tag -> Stream.of(tag.getKey(), tag.getValue())))
                        .map(part -> part.length() + ":" + part)
                        .collect(Collectors.joining(" ")));
    }

    private static String name(Budget budget) {
        return "The budget \"" + budget.wish().name() + "\" of "
                + budget.subject().tenant();
    }

    private static String amount(Budget budget) {
        return budget.amount().toPlainString() + " " + budget.measure().unit();
    }

    private static SortedMap<String, String> facts(Budget budget, TimeRange period, BigDecimal percent) {
        SortedMap<String, String> facts = facts(budget, period);
        facts.put("percent", percent.toPlainString());
        return facts;
    }

    private static SortedMap<String, String> facts(Budget budget, TimeRange period) {
        return new TreeMap<>(Map.of(
                "budget", budget.id(),
                "name", budget.wish().name(),
                "amount", budget.amount().toPlainString(),
                "unit", budget.measure().unit(),
                "periodFrom", period.from().toString(),
                "periodTo", period.to().toString()));
    }
}
