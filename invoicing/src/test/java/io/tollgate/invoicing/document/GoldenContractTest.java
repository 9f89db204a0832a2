package io.tollgate.invoicing.document;

import static io.tollgate.invoicing.Contracts.NOVEMBER;
import static io.tollgate.invoicing.Fixtures.AFTER;
import static io.tollgate.invoicing.Fixtures.book;
import static io.tollgate.invoicing.Fixtures.card;
import static io.tollgate.invoicing.Fixtures.gpt4o;
import static io.tollgate.invoicing.Fixtures.gpt4oCard;
import static io.tollgate.invoicing.Fixtures.history;
import static io.tollgate.invoicing.Fixtures.match;
import static io.tollgate.invoicing.Fixtures.product;
import static io.tollgate.invoicing.Fixtures.usage;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tollgate.invoicing.Contracts;
import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.contract.ContractPrices;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.invoice.Closing;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceCalculator;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.pricing.UnitPrice;
import io.tollgate.invoicing.terms.Agreement;
import io.tollgate.invoicing.terms.Balances;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageTotal;
import io.tollgate.invoicing.usage.Window;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The bytes of a contract, an issuer, and an invoice with all that a contract may say, pinned. */
class GoldenContractTest {

    private static final PriceHistory LIST = history(book(
            gpt4oCard(), card(match("provider", "xai"), Map.of("input_tokens", UnitPrice.of("3.00", 1_000_000)))));
    private static final Instant SEATS = Instant.parse("2023-11-15T23:00:00Z");

    @Test
    void aFinalInvoiceByAContractHasTheBytesOfTheGoldenOne() throws IOException {
        ContractHistory contracts = Contracts.history(Contracts.contract(text("contract.json")));
        BillingPeriod period = BillingPeriod.of(NOVEMBER, contracts);
        List<UsageTotal> usage = List.of(
                usage(
                        new TimeRange(period.range().from(), SEATS),
                        "acme",
                        gpt4o(),
                        Map.of("input_tokens", 9_000_000L, "output_tokens", 1_234_567L)),
                usage(
                        new TimeRange(SEATS, period.range().to()),
                        "acme",
                        gpt4o(),
                        Map.of("input_tokens", 9_059_974L, "output_tokens", 245_896L)),
                usage(
                        new TimeRange(SEATS, period.range().to()),
                        "acme",
                        product("xai", "grok-4"),
                        Map.of("input_tokens", 999_999L)));
        Invoice draft = InvoiceCalculator.draft(
                "acme",
                period,
                usage,
                new ContractPrices(contracts, NOVEMBER, Map.of("list", LIST), Optional.of(LIST)),
                Optional.of(new Agreement(
                        contracts,
                        Map.of("nordic", Contracts.issuer(text("contract-issuer.json"))),
                        Balances.NONE,
                        Optional.empty())),
                AFTER);
        Invoice closed = ((Closing.Closed) Closing.of(draft, List.of(), AFTER)).invoice();

        assertThat(pretty(CanonicalJson.write(InvoiceDocument.of(closed)))).isEqualTo(text("contract-invoice.json"));
    }

    /** A reservation of 375,000 a window: one window that it covers, two that spill over, and days without it. */
    @Test
    void aFinalInvoiceOfAReservationThatSpillsOverHasTheBytesOfTheGoldenOne() throws IOException {
        ContractHistory contracts = Contracts.history(Contracts.contract(text("reservation.json")));
        BillingPeriod period = BillingPeriod.of(NOVEMBER, contracts);
        Instant reserved = Instant.parse("2023-11-14T23:00:00Z");
        List<UsageTotal> usage = List.of(
                usage(
                        Window.at(reserved.minusSeconds(Window.SECONDS)),
                        "acme",
                        gpt4o(),
                        Map.of("input_tokens", 400_000L, "output_tokens", 1_000L)),
                usage(
                        Window.at(reserved),
                        "acme",
                        gpt4o(),
                        Map.of("input_tokens", 200_000L, "output_tokens", 10_000L, "cache_read_tokens", 90_000L)),
                usage(
                        Window.at(reserved.plusSeconds(Window.SECONDS)),
                        "acme",
                        gpt4o(),
                        Map.of("input_tokens", 300_000L, "output_tokens", 30_000L)),
                usage(
                        Window.at(reserved.plusSeconds(10 * Window.SECONDS)),
                        "acme",
                        gpt4o(),
                        Map.of("input_tokens", 1_375_000L, "output_tokens", 2_000L)),
                usage(
                        new TimeRange(reserved, period.range().to()),
                        "acme",
                        product("xai", "grok-4"),
                        Map.of("input_tokens", 999_999L)));
        Invoice draft = Contracts.invoice(contracts, LIST, usage);
        Invoice closed = ((Closing.Closed) Closing.of(draft, List.of(), AFTER)).invoice();

        assertThat(pretty(CanonicalJson.write(InvoiceDocument.of(closed)))).isEqualTo(text("reservation-invoice.json"));
    }

    @Test
    void contractsAndIssuersAreWrittenAsTheyWereRead() throws IOException {
        String contract = CanonicalJson.write(ContractDocument.of(Contracts.contract(text("contract.json"))));
        String reservation = CanonicalJson.write(ContractDocument.of(Contracts.contract(text("reservation.json"))));
        String issuer = CanonicalJson.write(IssuerDocument.of(Contracts.issuer(text("contract-issuer.json"))));

        assertThat(pretty(contract)).isEqualTo(text("contract.json"));
        assertThat(pretty(reservation)).isEqualTo(text("reservation.json"));
        assertThat(pretty(issuer)).isEqualTo(text("contract-issuer.json"));
    }

    /** Indented for people; the order of members and every value stay. */
    private static String pretty(String json) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(mapper.readTree(json)) + "\n";
    }

    private static String text(String name) {
        try (InputStream in = GoldenContractTest.class.getResourceAsStream(name)) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
