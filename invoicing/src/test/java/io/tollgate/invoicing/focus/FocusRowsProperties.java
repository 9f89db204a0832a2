package io.tollgate.invoicing.focus;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.cost.CostItem;
import io.tollgate.invoicing.cost.CostReport;
import io.tollgate.invoicing.cost.GeneratedMonth;
import io.tollgate.invoicing.invoice.Invoice;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Laws of the rows of any invoice. Each property is driven by a seed, which jqwik prints when it fails. */
class FocusRowsProperties {

    @Property(tries = 500)
    void theyAddUpToWhatIsDueWhicheverCostIsPaid(@ForAll long seed) {
        GeneratedMonth month = GeneratedMonth.of(new Random(seed));
        List<FocusRow> rows = rows(document(month));
        BigDecimal due = month.invoice().due().amount();

        assertThat(sum(rows, FocusColumn.BILLED_COST)).isEqualByComparingTo(due);
        assertThat(sum(rows, FocusColumn.EFFECTIVE_COST)).isEqualByComparingTo(due);
    }

    @Property(tries = 500)
    void quantityTimesPriceIsTheCostOfEach(@ForAll long seed) {
        for (FocusRow row : rows(document(GeneratedMonth.of(new Random(seed))))) {
            assertProduct(row, FocusColumn.LIST_UNIT_PRICE, FocusColumn.LIST_COST);
            assertProduct(row, FocusColumn.CONTRACTED_UNIT_PRICE, FocusColumn.CONTRACTED_COST);
        }
    }

    @Property(tries = 500)
    void whatWasConsumedIsToldOnce(@ForAll long seed) {
        GeneratedMonth month = GeneratedMonth.of(new Random(seed));
        FocusDocument document = document(month);
        BigDecimal consumed = rows(document).stream()
                .filter(row -> row.text(FocusColumn.X_METER).isPresent())
                .map(row -> row.number(FocusColumn.CONSUMED_QUANTITY).orElseThrow())
                .reduce(BigDecimal.ZERO, BigDecimal::add);

        assertThat(consumed)
                .isEqualByComparingTo(document.report().items().stream()
                        .filter(CostItem.OfUsage.class::isInstance)
                        .map(item -> new BigDecimal(((CostItem.OfUsage) item).quantity()))
                        .reduce(BigDecimal.ZERO, BigDecimal::add));
    }

    private static List<FocusRow> rows(FocusDocument document) {
        List<FocusRow> rows = new ArrayList<>();
        new FocusRows(List.of(document)).forEach(rows::add);
        return rows;
    }

    private static void assertProduct(FocusRow row, FocusColumn price, FocusColumn cost) {
        Optional<BigDecimal> quantity = row.number(FocusColumn.PRICING_QUANTITY);
        Optional<BigDecimal> each = row.number(price);
        assertThat(each.isPresent()).isEqualTo(quantity.isPresent());
        if (each.isPresent()) {
            assertThat(each.get()).isNotNegative();
            assertThat(quantity.orElseThrow().multiply(each.get()))
                    .as(row.toString())
                    .isEqualByComparingTo(row.number(cost).orElseThrow());
        }
    }

    private static FocusDocument document(GeneratedMonth month) {
        Invoice invoice = month.invoice();
        return new FocusDocument(
                new CostReport(
                        invoice.id(),
                        CostReport.Kind.DRAFT,
                        Optional.empty(),
                        month.period(),
                        Optional.empty(),
                        invoice.subtotal(),
                        invoice.total(),
                        invoice.due(),
                        month.items(),
                        invoice.unbilled()),
                month.period(),
                Optional.empty(),
                "Acme AB",
                "Tollgate Nordic AB",
                Optional.of(month.contracts()));
    }

    private static BigDecimal sum(List<FocusRow> rows, FocusColumn column) {
        return rows.stream().map(row -> row.number(column).orElseThrow()).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
