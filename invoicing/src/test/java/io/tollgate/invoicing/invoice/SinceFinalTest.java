package io.tollgate.invoicing.invoice;

import static io.tollgate.invoicing.Fixtures.AFTER;
import static io.tollgate.invoicing.Fixtures.NOVEMBER;
import static io.tollgate.invoicing.Fixtures.book;
import static io.tollgate.invoicing.Fixtures.card;
import static io.tollgate.invoicing.Fixtures.gpt4o;
import static io.tollgate.invoicing.Fixtures.gpt4oCard;
import static io.tollgate.invoicing.Fixtures.history;
import static io.tollgate.invoicing.Fixtures.match;
import static io.tollgate.invoicing.Fixtures.usage;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.pricing.Price;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.pricing.TieredPrice;
import io.tollgate.invoicing.pricing.TieredPrice.Mode;
import io.tollgate.invoicing.pricing.TieredPrice.Tier;
import io.tollgate.invoicing.pricing.UnitPrice;
import io.tollgate.invoicing.usage.UsageTotal;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SinceFinalTest {

    private static final PriceHistory PRICES = history(book(gpt4oCard()));
    private static final UsageTotal BILLED = usage(NOVEMBER, "acme", gpt4o(), Map.of("input_tokens", 1_000_000L));
    private static final Invoice FINAL = invoice(PRICES, BILLED).as(new InvoiceStatus.Final(AFTER));

    @Test
    void withoutNewUsageNothingChanged() {
        assertThat(since(invoice(PRICES, BILLED))).isEqualTo(new SinceFinal(false, 0, Money.of("0", "USD"), List.of()));
    }

    @Test
    void lateUsageIsTheDifference() {
        UsageTotal late = usage(NOVEMBER, "acme", gpt4o(), Map.of("input_tokens", 400L));

        assertThat(since(invoice(PRICES, BILLED, late)))
                .isEqualTo(new SinceFinal(true, 1, Money.of("0.001", "USD"), List.of()));
    }

    @Test
    void lateUsageCostsWhatItAddsInItsTier() {
        Price tiers = new TieredPrice(
                Mode.GRADUATED,
                List.of(
                        new Tier(Optional.of(BigInteger.TEN), UnitPrice.of("2", 1), BigDecimal.ZERO),
                        new Tier(Optional.empty(), UnitPrice.of("1", 1), BigDecimal.ZERO)),
                false);
        PriceHistory prices = history(book(card(match(), Map.of("images", tiers))));
        UsageTotal billed = usage(NOVEMBER, "acme", gpt4o(), Map.of("images", 9L));
        UsageTotal late = usage(NOVEMBER, "acme", gpt4o(), Map.of("images", 3L));
        Invoice closed = invoice(prices, billed).as(new InvoiceStatus.Final(AFTER));

        assertThat(SinceFinal.of(
                                closed.evidence(),
                                closed.exactSum(),
                                closed.total(),
                                closed.due(),
                                invoice(prices, billed, late))
                        .amount())
                .isEqualTo(Money.of("4.00", "USD"));
    }

    @Test
    void aLateReversalIsANegativeDifference() {
        UsageTotal reversal = usage(NOVEMBER, "acme", gpt4o(), Map.of("input_tokens", -1_000_000L));

        assertThat(since(invoice(PRICES, BILLED, reversal)).amount()).isEqualTo(Money.of("-2.50", "USD"));
    }

    @Test
    void lateUsageThatIsUnpricedOrFreeIsNotSilentEither() {
        SinceFinal since = since(invoice(PRICES, BILLED, usage(NOVEMBER, "acme", gpt4o(), Map.of("images", 3L))));

        assertThat(since.changed()).isTrue();
        assertThat(since.amount()).isEqualTo(Money.of("0", "USD"));
        assertThat(since.exceptions()).hasSize(1);
    }

    @Test
    void aPriceCorrectedBackwardsShows() {
        PriceHistory corrected =
                history(book(gpt4oCard()), book(card(match(), Map.of("input_tokens", UnitPrice.of("2", 1_000_000)))));

        assertThat(since(invoice(corrected, BILLED)))
                .isEqualTo(new SinceFinal(true, 0, Money.of("-0.50", "USD"), List.of()));
    }

    private static SinceFinal since(Invoice now) {
        return SinceFinal.of(FINAL.evidence(), FINAL.exactSum(), FINAL.total(), FINAL.due(), now);
    }

    private static Invoice invoice(PriceHistory prices, UsageTotal... usage) {
        return InvoiceCalculator.draft("acme", BillingPeriod.of(YearMonth.of(2023, 11)), List.of(usage), prices, AFTER);
    }
}
