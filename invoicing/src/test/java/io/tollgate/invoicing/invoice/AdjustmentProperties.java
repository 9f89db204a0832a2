package io.tollgate.invoicing.invoice;

import static io.tollgate.invoicing.Fixtures.AFTER;
import static io.tollgate.invoicing.Fixtures.BEGINNING;
import static io.tollgate.invoicing.Fixtures.NOVEMBER;
import static io.tollgate.invoicing.Fixtures.USD;
import static io.tollgate.invoicing.Fixtures.book;
import static io.tollgate.invoicing.Fixtures.card;
import static io.tollgate.invoicing.Fixtures.gpt4oCard;
import static io.tollgate.invoicing.Fixtures.history;
import static io.tollgate.invoicing.Fixtures.match;
import static io.tollgate.invoicing.Fixtures.product;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.Fixtures;
import io.tollgate.invoicing.document.BilledDocuments;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.InvoiceDocument;
import io.tollgate.invoicing.document.NoteDocument;
import io.tollgate.invoicing.document.RangeDocument;
import io.tollgate.invoicing.invoice.Adjustment.Billed;
import io.tollgate.invoicing.invoice.DocumentNumber.Series;
import io.tollgate.invoicing.invoice.InvoiceStatus.Issue;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.pricing.RateCard;
import io.tollgate.invoicing.pricing.UnitPrice;
import io.tollgate.invoicing.usage.UsageTotal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/** DESIGN.md, section 5: late usage in a final period is cumulative minus billed. */
class AdjustmentProperties {

    private static final BillingPeriod PERIOD = BillingPeriod.of(YearMonth.of(2023, 11));
    private static final PriceHistory FIRST = history(book(gpt4oCard(), grok("0.333")));
    /** The book corrected for the past: some lines cost less, one more. */
    private static final PriceHistory CORRECTED = history(
            book(gpt4oCard(), grok("0.333")),
            book(
                    grok("0.5"),
                    card(
                            match("provider", "openai"),
                            Map.of(
                                    "input_tokens",
                                    UnitPrice.of("2.00", 1_000_000),
                                    "output_tokens",
                                    UnitPrice.of("9.99", 1_000_000)))));

    @Property
    void lateUsageInAFinalPeriodIsCumulativeMinusBilled(
            @ForAll @Size(min = 1, max = 4) List<@Size(min = 4, max = 4) List<@IntRange(max = 9_000_000) Integer>> turns) {
        List<String> documents = new ArrayList<>();
        @Nullable Billed billed = null;
        @Nullable Invoice now = null;
        for (int turn = 0; turn < turns.size(); turn++) {
            now = invoice(turns.get(turn), turn % 2 == 0 ? FIRST : CORRECTED);
            if (billed == null) {
                documents.add(CanonicalJson.write(InvoiceDocument.of(now)));
                billed = BilledDocuments.of(documents).billed(List.of());
                continue;
            }
            Adjustment adjustment = Adjustment.of(billed, now);
            assertLinesAddUp(adjustment);
            documents.add(CanonicalJson.write(
                    NoteDocument.of(note(adjustment, turn + 1), RangeDocument.of(PERIOD.range()), Optional.empty())));
            billed = BilledDocuments.of(documents).billed(List.of());
        }
        if (billed == null || now == null) {
            throw new AssertionError("there was a turn");
        }

        // However often it was corrected, the documents add up to what an invoice made now would say.
        assertThat(Adjustment.of(billed, now).isNothing()).isTrue();
        assertThat(billed.total()).isEqualByComparingTo(now.total());
        assertThat(billed.evidence()).isEqualTo(now.evidence());
        Adjustment back = Adjustment.takingBack(billed);
        assertLinesAddUp(back);
        assertThat(back.total().amount().negate())
                .isEqualByComparingTo(now.total().amount());
    }

    private static void assertLinesAddUp(Adjustment adjustment) {
        List<Money> exact = new ArrayList<>();
        List<Money> shown = new ArrayList<>();
        adjustment.lines().forEach(line -> {
            exact.add(line.difference().exact());
            shown.add(line.difference().shown());
            assertThat(NOVEMBER.contains(line.key().servicePeriod())).isTrue();
        });
        assertThat(Money.sum(exact, USD)).isEqualByComparingTo(adjustment.exactSum());
        assertThat(Money.sum(shown, USD)).isEqualByComparingTo(adjustment.subtotal());
    }

    private static Note note(Adjustment adjustment, int revision) {
        InvoiceId invoice = new InvoiceId("acme", PERIOD.month(), 1);
        return new Note(
                new InvoiceId("acme", PERIOD.month(), revision),
                new Issue(new DocumentNumber(Note.kindOf(adjustment), 1), LocalDate.of(2024, 1, 1)),
                invoice,
                new DocumentNumber(Series.INVOICE, 1).toString(),
                AFTER,
                List.of(),
                adjustment,
                "late usage",
                AFTER);
    }

    private static Invoice invoice(List<Integer> quantities, PriceHistory prices) {
        List<UsageTotal> usage = List.of(
                Fixtures.usage(
                        NOVEMBER,
                        "acme",
                        product("openai", "gpt-4o"),
                        Map.of("input_tokens", (long) quantities.get(0), "output_tokens", (long) quantities.get(1))),
                Fixtures.usage(
                        NOVEMBER,
                        "acme",
                        product("xai", "grok"),
                        Map.of("input_tokens", (long) quantities.get(2), "output_tokens", (long) quantities.get(3))));
        return InvoiceCalculator.draft("acme", PERIOD, usage, prices, Instant.EPOCH)
                .as(new InvoiceStatus.Final(AFTER));
    }

    private static RateCard grok(String amount) {
        return card(
                match("provider", "xai"),
                Map.of("input_tokens", UnitPrice.of(amount, 1000), "output_tokens", UnitPrice.of(amount, 100)),
                BEGINNING,
                Optional.empty());
    }
}
