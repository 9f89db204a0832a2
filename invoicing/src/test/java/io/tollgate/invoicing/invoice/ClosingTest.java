package io.tollgate.invoicing.invoice;

import static io.tollgate.invoicing.Fixtures.AFTER;
import static io.tollgate.invoicing.Fixtures.NOVEMBER;
import static io.tollgate.invoicing.Fixtures.book;
import static io.tollgate.invoicing.Fixtures.gpt4o;
import static io.tollgate.invoicing.Fixtures.gpt4oCard;
import static io.tollgate.invoicing.Fixtures.history;
import static io.tollgate.invoicing.Fixtures.usage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.invoicing.invoice.Closing.Blocker;
import io.tollgate.invoicing.invoice.DocumentNumber.Series;
import io.tollgate.invoicing.invoice.InvoiceStatus.Issue;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What may be closed, when, and what a named person may let pass. */
class ClosingTest {

    private static final BillingPeriod PERIOD = BillingPeriod.of(YearMonth.of(2023, 11));
    private static final BillingTerms THREE_DAYS = new BillingTerms("acme-cloud", Duration.ofDays(3), 14, false);

    @Test
    void waivedUsageStaysOnTheRecordOfTheFinalInvoice() {
        Invoice draft = draft(Map.of("input_tokens", 4_000_000L, "images", 12L));

        assertThat(codes(Closing.of(draft, List.of(), blocker -> false, AFTER))).containsExactly("unpriced_usage");
        Closing closing = Closing.of(draft, List.of(), blocker -> blocker.code().equals("unpriced_usage"), AFTER);
        assertThat(closing).isInstanceOf(Closing.Closed.class);
        Invoice closed = ((Closing.Closed) closing).invoice();
        assertThat(closed.unbilled()).hasSize(1);
        assertThat(((InvoiceStatus.Final) closed.status()).waived()).isEqualTo(draft.exceptions());
    }

    @Test
    void whatOthersFoundBlocksUnlessItIsWaived() {
        Invoice draft = draft(Map.of("input_tokens", 4_000_000L));
        Blocker late = new Blocker("rollup_lag", "5 events");

        assertThat(codes(Closing.of(draft, List.of(late), blocker -> false, AFTER)))
                .containsExactly("rollup_lag");
        assertThat(Closing.of(draft, List.of(late), late::equals, AFTER)).isInstanceOf(Closing.Closed.class);
    }

    @Test
    void nobodyLetsPassAnOpenPeriodNothingOrAnInvoiceOfLessThanNothing() {
        Instant before = NOVEMBER.to().minusMillis(1);
        assertThat(codes(Closing.of(draft(Map.of("input_tokens", 1L)), List.of(), blocker -> true, before)))
                .containsExactly("period_open");
        assertThat(codes(Closing.of(draft(Map.of("input_tokens", -4_000_000L)), List.of(), blocker -> true, AFTER)))
                .containsExactly("negative_total");
        Invoice nothing = InvoiceCalculator.draft("acme", PERIOD, List.of(), history(book(gpt4oCard())), AFTER);
        assertThat(codes(Closing.of(nothing, List.of(), blocker -> true, AFTER)))
                .containsExactly("no_usage");
    }

    @Test
    void aDraftIsInGraceFromItsPeriodsEndUntilTheGraceEnds() {
        Invoice draft = draft(Map.of("input_tokens", 1L));

        assertThat(THREE_DAYS.open(draft, NOVEMBER.to().minusMillis(1)).status().label())
                .isEqualTo("draft");
        assertThat(THREE_DAYS.open(draft, NOVEMBER.to()).status())
                .isEqualTo(new InvoiceStatus.Grace(NOVEMBER.to(), Instant.parse("2023-12-04T00:00:00Z")));
        assertThat(THREE_DAYS.open(draft, NOVEMBER.to()).status().label()).isEqualTo("grace");
        assertThat(THREE_DAYS
                        .open(draft, Instant.parse("2023-12-04T00:00:00Z"))
                        .status()
                        .label())
                .isEqualTo("draft");
        assertThat(BillingTerms.USUAL.isInGrace(PERIOD, NOVEMBER.to())).isFalse();
        assertThat(THREE_DAYS.dueOn(Instant.parse("2023-12-04T23:59:59Z"))).isEqualTo(LocalDate.of(2023, 12, 18));
    }

    @Test
    void aSeriesIsReadAsItIsLabelled() {
        for (Series series : Series.values()) {
            assertThat(Series.labelled(series.label())).isEqualTo(series);
        }
    }

    @Test
    void aNumberIsAllThatIsAddedToWhatWasClosed() {
        InvoiceStatus.Final closed = new InvoiceStatus.Final(AFTER);
        Issue issue = new Issue(new DocumentNumber(Series.INVOICE, 7), LocalDate.of(2023, 12, 31));

        assertThat(closed.issuedAs(issue))
                .isEqualTo(new InvoiceStatus.Final(closed.finalisedAt(), Optional.of(issue), closed.waived()));
    }

    @Test
    void termsAndNumbersThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new BillingTerms("Acme Inc", Duration.ZERO, 1, false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new BillingTerms("acme", Duration.ofDays(-1), 1, false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new BillingTerms("acme", Duration.ZERO, -1, false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DocumentNumber(Series.INVOICE, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new DocumentNumber(Series.CREDIT_NOTE, 7)).hasToString("CRN-000007");
        assertThat(Series.labelled("debit_note")).isEqualTo(Series.DEBIT_NOTE);
        assertThatThrownBy(() -> Series.labelled("receipt")).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<String> codes(Closing closing) {
        return ((Closing.Refused) closing)
                .blockers().stream().map(Blocker::code).toList();
    }

    private static Invoice draft(Map<String, Long> quantities) {
        return InvoiceCalculator.draft(
                "acme",
                PERIOD,
                List.of(usage(NOVEMBER, "acme", gpt4o(), quantities)),
                history(book(gpt4oCard())),
                AFTER);
    }
}
