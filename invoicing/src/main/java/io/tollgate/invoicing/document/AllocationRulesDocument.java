package io.tollgate.invoicing.document;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.chargeback.Accounts;
import io.tollgate.invoicing.chargeback.AllocationRules;
import io.tollgate.invoicing.chargeback.AllocationRules.Mode;
import io.tollgate.invoicing.chargeback.Assignment;
import io.tollgate.invoicing.chargeback.Assignment.Target;
import io.tollgate.invoicing.chargeback.BadRulesException;
import io.tollgate.invoicing.chargeback.CostCentre;
import io.tollgate.invoicing.chargeback.CostKind;
import io.tollgate.invoicing.spend.SpendDimension;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How a tenant's invoices are divided among its cost centres, as JSON.
 *
 * @param effectiveFrom first day, in the tenant's billing zone, that the rules apply on
 * @param mode {@code chargeback}, which is posted, or {@code showback}
 * @param costCentres those with a name or a parent, or that shares go to
 * @param assignments for usage; the first that takes it wins, and what none takes is {@code unmatched_usage}
 * @param shared for cost that is nobody's own; what none shares out stays unallocated
 * @param accounts of the tenant's ledger; needed for chargeback
 */
@Schema(name = "AllocationRules")
public record AllocationRulesDocument(
        @JsonProperty(required = true) String effectiveFrom,
        @JsonProperty(required = true) String mode,
        Optional<List<Centre>> costCentres,
        Optional<List<Rule>> assignments,
        Optional<List<SharedRuleDocument>> shared,
        Optional<Ledger> accounts) {

    /** @param parent whose totals have this one's cost */
    @Schema(name = "CostCentre")
    public record Centre(@JsonProperty(required = true) String id, Optional<String> name, Optional<String> parent) {}

    /**
     * Gives usage to a cost centre: to one that it names, or to the one that a tag names.
     *
     * @param when dimension ({@code project}, {@code tag:team}, {@code model} …) to the values that are taken; values may
     *     hold stars for any characters, and the empty value means "none"; all usage if absent
     * @param costCentre id
     * @param costCentreFromTag key of the tag whose value is the cost centre; usage without it is left to other rules
     * @param declaredOnly whether only values that are declared cost centres are taken; false when absent
     */
    @Schema(name = "AllocationAssignment")
    public record Rule(
            @JsonProperty(required = true) String id,
            Optional<Map<String, List<String>>> when,
            Optional<String> costCentre,
            Optional<String> costCentreFromTag,
            Optional<Boolean> declaredOnly) {

        static Rule of(Assignment assignment) {
            SortedMap<String, List<String>> named = new TreeMap<>();
            assignment.when().forEach((dimension, values) -> named.put(dimension.label(), List.copyOf(values)));
            boolean fromTag = assignment.target() instanceof Target.ValueOfTag;
            return new Rule(
                    assignment.id(),
                    named.isEmpty() ? Optional.empty() : Optional.of(named),
                    fromTag ? Optional.empty() : Optional.of(((Target.Named) assignment.target()).costCentre()),
                    fromTag ? Optional.of(((Target.ValueOfTag) assignment.target()).key()) : Optional.empty(),
                    fromTag && ((Target.ValueOfTag) assignment.target()).declaredOnly()
                            ? Optional.of(true)
                            : Optional.empty());
        }

        Assignment toAssignment() {
            if (costCentre.isPresent() == costCentreFromTag.isPresent()) {
                throw new IllegalArgumentException("an assignment has one of costCentre and costCentreFromTag");
            }
            if (declaredOnly.isPresent() && costCentre.isPresent()) {
                throw new IllegalArgumentException("declaredOnly is of costCentreFromTag alone");
            }
            SortedMap<SpendDimension, SortedSet<String>> named = new TreeMap<>();
            when.orElse(Map.of())
                    .forEach((name, values) -> named.put(
                            SpendDimension.named(name)
                                    .orElseThrow(() -> new IllegalArgumentException("there is no dimension \"" + name
                                            + "\"; there is tag:<key> and "
                                            + SpendDimension.FIXED.stream()
                                                    .map(SpendDimension::label)
                                                    .collect(Collectors.joining(", ")))),
                            new TreeSet<>(present(values, name))));
            return new Assignment(
                    Reading.required(id, "id"),
                    named,
                    costCentre
                            .<Target>map(Target.Named::new)
                            .orElseGet(() -> new Target.ValueOfTag(
                                    costCentreFromTag.orElseThrow(), declaredOnly.orElse(false))));
        }
    }

    /**
     * Accounts of the tenant's ledger.
     *
     * @param payable credited with what is due
     * @param expenses the first that fits is debited
     */
    @Schema(name = "LedgerAccounts")
    public record Ledger(
            @JsonProperty(required = true) String payable,
            @JsonProperty(required = true) List<Expense> expenses) {

        Accounts toAccounts() {
            return new Accounts(
                    Reading.required(payable, "payable"),
                    Reading.required(expenses, "expenses").stream()
                            .map(Expense::toExpense)
                            .toList());
        }
    }

    /**
     * An account; the last is for whatever is left, and names nothing.
     *
     * @param costCentre id, with stars for any characters; empty for what is unallocated; any if absent
     * @param kinds of cost; all if absent
     */
    @Schema(name = "LedgerAccount")
    public record Expense(
            Optional<String> costCentre,
            Optional<List<String>> kinds,
            @JsonProperty(required = true) String account) {

        static Expense of(Accounts.Expense expense) {
            return new Expense(
                    expense.costCentre(),
                    Optional.of(expense.kinds().stream()
                                    .sorted()
                                    .map(CostKind::label)
                                    .toList())
                            .filter(kinds -> !kinds.isEmpty()),
                    expense.account());
        }

        Accounts.Expense toExpense() {
            Set<CostKind> named = new HashSet<>();
            present(kinds.orElse(List.of()), "kinds").forEach(kind -> named.add(kind(kind)));
            return new Accounts.Expense(costCentre, named, Reading.required(account, "account"));
        }
    }

    public static AllocationRulesDocument of(AllocationRules rules) {
        return new AllocationRulesDocument(
                rules.effectiveFrom().toString(),
                rules.mode().name().toLowerCase(Locale.ROOT),
                some(rules.costCentres().stream()
                        .map(centre -> new Centre(centre.id(), centre.name(), centre.parent()))
                        .toList()),
                some(rules.assignments().stream().map(Rule::of).toList()),
                some(rules.shared().stream().map(SharedRuleDocument::of).toList()),
                rules.accounts()
                        .map(accounts -> new Ledger(
                                accounts.payable(),
                                accounts.expenses().stream().map(Expense::of).toList())));
    }

    /** @throws Reading.FaultsException if the rules make no sense; it tells all that is wrong, and where */
    public AllocationRules toRules(String tenant) {
        Reading reading = new Reading();
        Optional<LocalDate> from = reading.at("/effectiveFrom", () -> Reading.day(effectiveFrom, "effectiveFrom"));
        Optional<Mode> named = reading.at("/mode", this::readMode);
        List<CostCentre> centres = reading.each(
                "/costCentres",
                costCentres,
                centre -> new CostCentre(Reading.required(centre.id(), "id"), centre.name(), centre.parent()));
        List<Assignment> usage = reading.each("/assignments", assignments, Rule::toAssignment);
        var sharing = reading.each("/shared", shared, SharedRuleDocument::toRule);
        Optional<Accounts> ledger = accounts.flatMap(each -> reading.at("/accounts", each::toAccounts));
        reading.requireNoFaults();
        try {
            return new AllocationRules(
                    tenant, from.orElseThrow(), named.orElseThrow(), centres, usage, sharing, ledger);
        } catch (BadRulesException e) {
            e.refusals().forEach(each -> reading.fault(each.code(), each.pointer(), each.detail()));
            reading.requireNoFaults();
            throw e;
        }
    }

    private Mode readMode() {
        return switch (Reading.required(mode, "mode")) {
            case "chargeback" -> Mode.CHARGEBACK;
            case "showback" -> Mode.SHOWBACK;
            default -> throw new IllegalArgumentException("mode must be chargeback or showback, not \"" + mode + "\"");
        };
    }

    static CostKind kind(String label) {
        return CostKind.labelled(label)
                .orElseThrow(() -> new IllegalArgumentException("there is no cost of kind \"" + label + "\""));
    }

    /** JSON can say null where Java's types do not. */
    static List<String> present(List<String> values, String name) {
        Reading.required(values, name).forEach(value -> Reading.required(value, name));
        return values;
    }

    private static <T> Optional<List<T>> some(List<T> list) {
        return list.isEmpty() ? Optional.empty() : Optional.of(list);
    }
}
