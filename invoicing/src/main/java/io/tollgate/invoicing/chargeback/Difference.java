package io.tollgate.invoicing.chargeback;

import io.tollgate.invoicing.chargeback.ChargebackReport.Document;
import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.money.Money;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What moved between two reports of a month, and why.
 *
 * @param documents those that are different, in order
 * @param rulesBefore versions that were in force in the month then
 * @param rulesNow versions that are
 * @param movements of every cost centre of either report, by id, and last of what is unallocated; without those below it
 */
public record Difference(
        List<DocumentChange> documents, List<Integer> rulesBefore, List<Integer> rulesNow, List<Movement> movements) {

    /**
     * A document that came, or is due in another amount.
     *
     * @param before empty if there was none
     * @param now empty if there is none any more, as of a draft that was closed
     */
    public record DocumentChange(InvoiceId id, Optional<Money> before, Optional<Money> now) {}

    /**
     * What moved of one cost centre.
     *
     * @param costCentre empty for what is unallocated
     * @param byInvoice the part of the difference that there is by the rules as they were known before: usage, prices or
     *     notes
     * @param byRules the rest of it: rules that were published since
     */
    public record Movement(Optional<String> costCentre, Money before, Money byInvoice, Money byRules, Money now) {

        /** Now less before. */
        public Money difference() {
            return byInvoice.plus(byRules);
        }
    }

    public Difference {
        documents = List.copyOf(documents);
        rulesBefore = List.copyOf(rulesBefore);
        rulesNow = List.copyOf(rulesNow);
        movements = List.copyOf(movements);
    }

    /**
     * Compares two reports.
     *
     * @param byRulesBefore the documents of now, by the rules known before
     * @throws DifferentCurrenciesException if they are in different currencies
     */
    public static Difference of(ChargebackReport before, ChargebackReport byRulesBefore, ChargebackReport now) {
        if (!before.currency().equals(now.currency())) {
            throw new DifferentCurrenciesException(before.currency(), now.currency());
        }
        TreeSet<String> ids = new TreeSet<>();
        Stream.of(before, byRulesBefore, now)
                .flatMap(report -> report.costCentres().stream())
                .forEach(row -> ids.add(row.costCentre().id()));
        List<Movement> movements = new ArrayList<>();
        for (String id : ids) {
            movements.add(movement(Optional.of(id), before, byRulesBefore, now));
        }
        movements.add(movement(Optional.empty(), before, byRulesBefore, now));
        return new Difference(documents(before, now), before.rules(), now.rules(), movements);
    }

    /** Whether nothing moved. */
    public boolean isNothing() {
        return documents.isEmpty()
                && movements.stream()
                        .allMatch(each ->
                                each.byInvoice().signum() == 0 && each.byRules().signum() == 0);
    }

    private static Movement movement(
            Optional<String> centre, ChargebackReport before, ChargebackReport byRulesBefore, ChargebackReport now) {
        Money then = amount(before, centre);
        Money middle = amount(byRulesBefore, centre);
        Money today = amount(now, centre);
        return new Movement(centre, then, middle.minus(then), today.minus(middle), today);
    }

    private static Money amount(ChargebackReport report, Optional<String> centre) {
        if (centre.isEmpty()) {
            return report.unallocated().amount();
        }
        return report.costCentres().stream()
                .filter(row -> row.costCentre().id().equals(centre.get()))
                .map(row -> row.own().amount())
                .findFirst()
                .orElseGet(() -> Money.zero(report.currency()));
    }

    private static List<DocumentChange> documents(ChargebackReport before, ChargebackReport now) {
        Set<InvoiceId> ids = new LinkedHashSet<>();
        Stream.of(before, now)
                .flatMap(report -> report.documents().stream())
                .map(Document::id)
                .forEach(ids::add);
        Function<ChargebackReport, Function<InvoiceId, Optional<Document>>> find =
                report -> id -> report.documents().stream()
                        .filter(document -> document.id().equals(id))
                        .findFirst();
        return ids.stream()
                .filter(id ->
                        !find.apply(before).apply(id).equals(find.apply(now).apply(id)))
                .map(id -> new DocumentChange(
                        id,
                        find.apply(before).apply(id).map(Document::due),
                        find.apply(now).apply(id).map(Document::due)))
                .toList();
    }
}
