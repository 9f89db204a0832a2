package io.tollgate.invoicing.document;

import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.contract.Days;
import io.tollgate.invoicing.invoice.Adjustment;
import io.tollgate.invoicing.terms.Entry;
import io.tollgate.invoicing.terms.Statement;
import io.tollgate.invoicing.terms.TaxShare;
import java.util.List;
import java.util.Optional;

/**
 * What a contract makes of the lines of an invoice, as JSON. Amounts are strings of decimal digits.
 *
 * @param versions of the contract that were in force in the period
 * @param entries in the order in which they are reckoned; the subtotal and all of them add up to the amount due
 * @param net before tax
 * @param taxes broken down by category and rate
 * @param amountDue what credits leave to pay
 * @param missing codes of what must be told before it can be closed
 */
@Schema(name = "ContractTerms")
public record StatementDocument(
        List<Integer> versions,
        String timeZone,
        int paymentTermDays,
        Optional<String> issuer,
        Optional<PartyDocument> seller,
        Optional<PartyDocument> buyer,
        List<Item> entries,
        String net,
        List<Tax> taxes,
        String amountDue,
        Optional<List<Missing>> missing) {

    /**
     * What one term adds or takes off.
     *
     * @param step {@code discount}, {@code fee}, {@code maximum_spend}, {@code minimum_spend}, {@code commitment},
     *     {@code tax} or {@code credit}
     * @param id of the term; of a tax, its category
     * @param from first day that it is for
     * @param to first day that it is no longer for
     * @param explanation the arithmetic, for people
     */
    @Schema(name = "ContractEntry")
    public record Item(
            String step, String id, String description, String from, String to, String explanation, String amount) {

        static Item of(Entry entry) {
            Days days = entry.days();
            return new Item(
                    entry.step().label(),
                    entry.id(),
                    entry.description(),
                    days.from().toString(),
                    days.to().toString(),
                    entry.explanation(),
                    entry.amount().digits());
        }
    }

    /**
     * Tax at one rate.
     *
     * @param category S, Z, E, AE, K, G or O of UNCL 5305, as EN 16931 has them
     * @param reason why no tax is charged
     */
    @Schema(name = "TaxShare")
    public record Tax(
            String category,
            String jurisdiction,
            String percent,
            String taxable,
            String amount,
            Optional<String> reason) {

        static Tax of(TaxShare share) {
            return new Tax(
                    share.treatment().category().name(),
                    share.treatment().jurisdiction(),
                    share.treatment().percent().toPlainString(),
                    share.taxable().digits(),
                    share.amount().digits(),
                    share.treatment().reason());
        }
    }

    /** Something that is not known and has to be. */
    @Schema(name = "MissingTerm")
    public record Missing(String code, String detail) {}

    /** The same parties and terms of payment with what a note says. */
    public StatementDocument differing(Adjustment adjustment) {
        return new StatementDocument(
                versions,
                timeZone,
                paymentTermDays,
                issuer,
                seller,
                buyer,
                adjustment.entries().stream().map(Item::of).toList(),
                adjustment.net().digits(),
                adjustment.taxes().stream().map(Tax::of).toList(),
                adjustment.due().digits(),
                Optional.empty());
    }

    public static StatementDocument of(Statement statement) {
        return new StatementDocument(
                statement.versions(),
                statement.contract().timeZone().getId(),
                statement.contract().paymentTermDays(),
                statement.contract().billing().map(billing -> billing.issuer()),
                statement.seller().map(PartyDocument::of),
                statement.contract().billing().map(billing -> PartyDocument.of(billing.buyer())),
                statement.entries().stream().map(Item::of).toList(),
                statement.net().digits(),
                statement.taxes().stream().map(Tax::of).toList(),
                statement.due().digits(),
                Optional.of(statement.gaps().stream()
                                .map(gap -> new Missing(gap.code(), gap.detail()))
                                .toList())
                        .filter(gaps -> !gaps.isEmpty()));
    }
}
