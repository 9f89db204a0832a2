package io.tollgate.invoicing.document;

import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.chargeback.Difference;
import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.money.Money;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

/**
 * What moved between two reports of a month, and why, as JSON.
 *
 * @param since number of the run that it is compared with
 * @param why of all that moved: {@code invoice_changed}, {@code rules_changed}
 * @param documents those that are different
 * @param costCentres those of either report, by id, each without those below it
 */
@Schema(name = "ChargebackDifference")
public record ChargebackDifferenceDocument(
        int since,
        String currency,
        List<String> why,
        List<DocumentChange> documents,
        List<Integer> rulesBefore,
        List<Integer> rulesNow,
        List<Movement> costCentres,
        Movement unallocated) {

    /** A document that came, went or is due in another amount. */
    @Schema(name = "ChargebackDocumentChange")
    public record DocumentChange(String id, Optional<String> before, Optional<String> now) {}

    /**
     * What moved of one.
     *
     * @param costCentre absent of what is unallocated
     * @param difference now less before
     * @param byInvoice the part of the difference that there is by the rules known before: usage, prices or notes
     * @param byRules the rest: rules that were published since
     * @param why {@code invoice_changed}, {@code rules_changed}
     */
    @Schema(name = "ChargebackMovement")
    public record Movement(
            Optional<String> costCentre,
            String before,
            String now,
            String difference,
            String byInvoice,
            String byRules,
            List<String> why) {

        static Movement of(Difference.Movement movement) {
            return new Movement(
                    movement.costCentre(),
                    movement.before().digits(),
                    movement.now().digits(),
                    movement.difference().digits(),
                    movement.byInvoice().digits(),
                    movement.byRules().digits(),
                    causes(
                            movement.byInvoice().signum() != 0,
                            movement.byRules().signum() != 0));
        }

        Difference.Movement toMovement(Currency money) {
            return new Difference.Movement(
                    costCentre,
                    ChargebackDocument.money(before, money),
                    ChargebackDocument.money(byInvoice, money),
                    ChargebackDocument.money(byRules, money),
                    ChargebackDocument.money(now, money));
        }
    }

    public static ChargebackDifferenceDocument of(int since, Currency currency, Difference difference) {
        List<Movement> all = difference.movements().stream().map(Movement::of).toList();
        int last = all.size() - 1;
        return new ChargebackDifferenceDocument(
                since,
                currency.getCurrencyCode(),
                causes(
                        !difference.documents().isEmpty()
                                || difference.movements().stream()
                                        .anyMatch(each -> each.byInvoice().signum() != 0),
                        difference.movements().stream()
                                .anyMatch(each -> each.byRules().signum() != 0)),
                difference.documents().stream()
                        .map(change -> new DocumentChange(
                                change.id().toString(),
                                change.before().map(Money::digits),
                                change.now().map(Money::digits)))
                        .toList(),
                difference.rulesBefore(),
                difference.rulesNow(),
                all.subList(0, last),
                all.get(last));
    }

    /** The difference that the document is of. */
    public Difference toDifference() {
        Currency money = Currency.getInstance(currency);
        List<Difference.Movement> movements = new ArrayList<>();
        costCentres.forEach(each -> movements.add(each.toMovement(money)));
        movements.add(unallocated.toMovement(money));
        return new Difference(
                documents.stream()
                        .map(change -> new Difference.DocumentChange(
                                InvoiceId.parse(change.id()).orElseThrow(),
                                change.before().map(amount -> ChargebackDocument.money(amount, money)),
                                change.now().map(amount -> ChargebackDocument.money(amount, money))))
                        .toList(),
                rulesBefore,
                rulesNow,
                movements);
    }

    private static List<String> causes(boolean invoice, boolean rules) {
        List<String> why = new ArrayList<>();
        if (invoice) {
            why.add("invoice_changed");
        }
        if (rules) {
            why.add("rules_changed");
        }
        return List.copyOf(why);
    }
}
