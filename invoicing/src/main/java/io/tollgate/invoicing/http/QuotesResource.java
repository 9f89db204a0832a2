package io.tollgate.invoicing.http;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.document.PriceBookDocument;
import io.tollgate.invoicing.document.PriceDocument;
import io.tollgate.invoicing.invoice.InvoiceCalculator;
import io.tollgate.invoicing.postgres.PriceBookStore;
import io.tollgate.invoicing.pricing.Match;
import io.tollgate.invoicing.pricing.MeterPrice;
import io.tollgate.invoicing.pricing.PriceBook;
import io.tollgate.invoicing.pricing.PriceBookDraft;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.pricing.RateCard;
import io.tollgate.invoicing.rating.Rating;
import io.tollgate.invoicing.rating.UnbilledUsage;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageTotal;
import io.tollgate.invoicing.usage.Window;
import io.tollgate.schemas.Digest;
import io.tollgate.service.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Quotes: the same rating as invoices, of usage that nobody had. */
@Path("/v1/quotes")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.Names.FINANCE)
public final class QuotesResource {

    /** Stands for whoever would be billed. */
    private static final String TENANT = "quote";

    private final PriceBookStore books;
    private final Clock clock;

    public QuotesResource(PriceBookStore books, Clock clock) {
        this.books = books;
        this.clock = clock;
    }

    /** Prices to quote by, and when. */
    private record Basis(PriceHistory prices, Instant at) {}

    @POST
    @Operation(
            operationId = "createQuote",
            summary = "Rate given quantities by a given price or price book",
            description = "As if one tenant used them in one billing period. Nothing is stored, and no usage is read.")
    @ApiResponse(
            responseCode = "200",
            description = "what it would cost, with the arithmetic",
            content = @Content(schema = @Schema(implementation = QuoteAnswer.class)))
    @ApiResponse(responseCode = "404", description = "`no_price_book`: there is no such version")
    @ApiResponse(
            responseCode = "422",
            description =
                    "`invalid_body`, `invalid_quote`: the question makes no sense; `unpriced_usage`: the book has no"
                            + " price for some of it, and `errors` has all of that")
    public QuoteAnswer quote(
            @RequestBody(
                            description = "the question",
                            required = true,
                            content = @Content(schema = @Schema(implementation = QuoteRequest.class)))
                    @Nullable QuoteRequest request) {
        if (request == null || request.usage().stream().anyMatch(Objects::isNull)) {
            throw invalid("usage is missing");
        }
        try {
            Basis basis =
                    request.book().isPresent() ? ofBook(request, request.book().get()) : ofPrice(request);
            Instant window = Window.startOf(basis.at());
            TimeRange range = new TimeRange(window, window.plusSeconds(Window.SECONDS));
            List<UsageTotal> usage =
                    request.usage().stream().map(used -> total(used, range)).toList();
            Rating rating = Rating.of(usage, basis.prices(), range);
            if (!rating.unbilled().isEmpty()) {
                throw Refusals.of(
                        Refusals.UNPROCESSABLE,
                        rating.unbilled().stream().map(QuotesResource::unpriced).toList());
            }
            return QuoteAnswer.of(
                    rating.currency(),
                    basis.at(),
                    InvoiceCalculator.lines(rating),
                    request.book().isPresent());
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    private Basis ofBook(QuoteRequest request, String name) {
        if (request.price().isPresent() || request.currency().isPresent()) {
            throw invalid("a quote is by a book, or by a price with its currency, and not by both");
        }
        Optional<PriceHistory> history = PriceBookDraft.canBeNamed(name) ? books.history(name) : Optional.empty();
        Instant at = at(request);
        Optional<PriceBook> book = request.version().isPresent()
                ? history.flatMap(versions -> versions.version(request.version().get()))
                : history.flatMap(versions -> versions.versionAt(at));
        return book.map(version -> new Basis(
                        new PriceHistory(List.of(version)),
                        request.at().isEmpty() && version.effectiveFrom().isAfter(at) ? version.effectiveFrom() : at))
                .orElseThrow(() -> Refusals.noPriceBook(name));
    }

    /** A book of one card that prices every meter asked about alike. */
    private Basis ofPrice(QuoteRequest request) {
        if (request.price().isEmpty()
                || request.currency().isEmpty()
                || request.version().isPresent()) {
            throw invalid("a quote needs a book, or a price and its currency; only a book has versions");
        }
        SortedMap<String, MeterPrice> prices = new TreeMap<>();
        request.usage()
                .forEach(used -> used.quantities()
                        .keySet()
                        .forEach(meter -> prices.put(
                                meter, PriceDocument.read(request.price().get(), meter))));
        Instant at = at(request);
        Instant from = Window.startOf(at);
        RateCard card = new RateCard("quote", Match.of(Map.of()), prices, from, Optional.empty());
        PriceBookDraft book = new PriceBookDraft(
                "quote", PriceBookDocument.currency(request.currency().get()), from, List.of(card));
        return new Basis(new PriceHistory(List.of(book.published(1))), at);
    }

    private Instant at(QuoteRequest request) {
        return request.at()
                .map(text -> Parameters.instant("at", text))
                .orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }

    private static UsageTotal total(QuoteRequest.Usage used, TimeRange range) {
        Product product = new Product(
                used.provider().orElse(""),
                used.model().orElse(""),
                used.acceleratorType().orElse(""),
                used.region().orElse(""),
                used.operation().orElse(""),
                used.serviceTier().orElse(""),
                used.outcome().orElse(""),
                used.contextBand().orElse(0L));
        SortedMap<String, BigInteger> quantities = new TreeMap<>();
        used.quantities().forEach((meter, quantity) -> quantities.put(meter, quantity(meter, quantity)));
        return new UsageTotal(range, TENANT, "", product, quantities, 0, Digest.ZERO);
    }

    private static BigInteger quantity(String meter, @Nullable String text) {
        if (text == null || !text.matches("[0-9]{1,38}")) {
            throw invalid(
                    "the quantity of " + Parameters.shown(meter) + " must be a whole number of at most 38 digits");
        }
        return new BigInteger(text);
    }

    private static Refusals.Reason unpriced(UnbilledUsage usage) {
        return new Refusals.Reason(
                usage.reason().code(),
                usage.quantity() + " " + usage.meter() + " on "
                        + usage.product().label() + ": " + usage.reason().detail());
    }

    private static RuntimeException invalid(String detail) {
        return Refusals.of(Refusals.UNPROCESSABLE, "invalid_quote", detail);
    }
}
