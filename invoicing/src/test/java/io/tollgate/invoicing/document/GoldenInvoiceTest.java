package io.tollgate.invoicing.document;

import static io.tollgate.invoicing.Fixtures.BEGINNING;
import static io.tollgate.invoicing.Fixtures.NOVEMBER;
import static io.tollgate.invoicing.Fixtures.book;
import static io.tollgate.invoicing.Fixtures.card;
import static io.tollgate.invoicing.Fixtures.gpt4o;
import static io.tollgate.invoicing.Fixtures.gpt4oCard;
import static io.tollgate.invoicing.Fixtures.history;
import static io.tollgate.invoicing.Fixtures.match;
import static io.tollgate.invoicing.Fixtures.usage;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.invoice.Closing;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceCalculator;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.pricing.UnitPrice;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageTotal;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The bytes of invoices, pinned. If this fails, stored invoices and new ones have different forms: think twice. */
class GoldenInvoiceTest {

    private static final Instant CHANGE = Instant.parse("2023-11-16T12:30:00Z");
    private static final Product LONG_PROMPT =
            new Product("anthropic", "claude-sonnet-4", "maia-100", "eu-north-1", "chat", "batch", "success", 200_000);
    private static final PriceHistory PRICES = history(book(
            gpt4oCard(),
            card(
                    match("provider", "anthropic", "contextBand", "200000"),
                    Map.of("input_tokens", UnitPrice.of("6.00", 1_000_000)),
                    BEGINNING,
                    Optional.of(CHANGE)),
            card(
                    match("provider", "anthropic", "contextBand", "200000"),
                    Map.of("input_tokens", UnitPrice.of("4.50", 1_000_000)),
                    CHANGE,
                    Optional.empty())));
    private static final List<UsageTotal> USAGE = List.of(
            usage(new TimeRange(NOVEMBER.from(), CHANGE), "acme", LONG_PROMPT, Map.of("input_tokens", 250_001L)),
            usage(new TimeRange(CHANGE, NOVEMBER.to()), "acme", LONG_PROMPT, Map.of("input_tokens", 333_333L)),
            usage(
                    new TimeRange(NOVEMBER.from(), CHANGE),
                    "acme",
                    gpt4o(),
                    Map.of("input_tokens", 18_059_000L, "output_tokens", 245_896L)),
            usage(new TimeRange(CHANGE, NOVEMBER.to()), "acme", gpt4o(), Map.of("input_tokens", 974L)));

    private static final List<UsageTotal> ALL_METERS = List.of(usage(
            NOVEMBER,
            "acme",
            gpt4o(),
            Map.of(
                    "input_tokens", 3_500_000L,
                    "output_tokens", 1_250_000L,
                    "cache_read_tokens", 12_000_000L,
                    "images", 130L,
                    "requests", 9_001L,
                    "search_queries", 3L,
                    "audio_ms", 61_000L,
                    "vendor_cost_micros", 2_000_001L,
                    "surcharged_cost_micros", 7_000_000L)));

    @Test
    void aFinalInvoiceHasTheBytesOfTheGoldenOne() throws IOException {
        assertThat(pretty(document(USAGE))).isEqualTo(text("final-invoice.json"));
    }

    /** One line of each kind of price, with its arithmetic. */
    @Test
    void aFinalInvoiceOfAllKindsOfPricesHasTheBytesOfTheGoldenOne() throws IOException {
        PriceHistory prices = history(CanonicalJson.read(text("all-prices-book.json"), PriceBookDocument.class)
                .toDraft());

        assertThat(pretty(document(ALL_METERS, prices))).isEqualTo(text("all-prices-invoice.json"));
    }

    /** Service tiers, a context band that reprices whole requests, a family of two models, a plain percentage. */
    @Test
    void aFinalInvoiceOfServiceTiersBandsAndAFamilyHasTheBytesOfTheGoldenOne() throws IOException {
        PriceHistory prices = history(CanonicalJson.read(text("tiers-and-bands-book.json"), PriceBookDocument.class)
                .toDraft());
        List<UsageTotal> usage = List.of(
                tokens("claude-sonnet-4", "standard", 0, 1_000_000),
                tokens("claude-sonnet-4", "standard", 200_000, 1_000_000),
                tokens("claude-sonnet-4", "batch", 0, 1_000_000),
                tokens("claude-sonnet-4", "flex", 0, 1_000_000),
                tokens("claude-sonnet-4", "priority", 0, 1_000_000),
                tokens("claude-haiku-4", "standard", 0, 6_000_000),
                tokens("claude-opus-4", "standard", 0, 6_000_000),
                usage(
                        NOVEMBER,
                        "acme",
                        new Product("market", "", "", "", "", "", "success", 0),
                        Map.of("vendor_cost_micros", 12_345_678L)));

        assertThat(pretty(document(usage, prices))).isEqualTo(text("tiers-and-bands-invoice.json"));
    }

    private static UsageTotal tokens(String model, String serviceTier, long contextBand, long quantity) {
        return usage(
                NOVEMBER,
                "acme",
                new Product("anthropic", model, "maia-100", "", "chat", serviceTier, "success", contextBand),
                Map.of("input_tokens", quantity));
    }

    @Test
    void theSameUsageInAnyOrderGivesTheSameBytes() {
        String document = document(USAGE);
        List<UsageTotal> usage = new ArrayList<>(USAGE);
        for (int turn = 0; turn < usage.size(); turn++) {
            Collections.rotate(usage, 1);
            assertThat(document(usage)).isEqualTo(document);
        }
    }

    private static String document(List<UsageTotal> usage) {
        return document(usage, PRICES);
    }

    private static String document(List<UsageTotal> usage, PriceHistory prices) {
        Invoice draft = InvoiceCalculator.draft(
                "acme", BillingPeriod.of(YearMonth.of(2023, 11)), usage, prices, Instant.parse("2023-12-02T08:00:00Z"));
        Closing closing = Closing.of(draft, List.of(), Instant.parse("2023-12-02T08:00:00Z"));
        return CanonicalJson.write(InvoiceDocument.of(((Closing.Closed) closing).invoice()));
    }

    /** Indented for people; the order of members and every value stay. */
    private static String pretty(String json) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(mapper.readTree(json)) + "\n";
    }

    private static String text(String name) {
        try (InputStream in = GoldenInvoiceTest.class.getResourceAsStream(name)) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
