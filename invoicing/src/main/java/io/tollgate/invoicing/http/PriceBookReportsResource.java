package io.tollgate.invoicing.http;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.billing.CoverageQuery;
import io.tollgate.invoicing.billing.TrialBooks;
import io.tollgate.invoicing.billing.TrialBooks.Which;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.pricing.PriceBookDiff;
import io.tollgate.invoicing.pricing.PriceBookDraft;
import io.tollgate.invoicing.pricing.PublicationCheck;
import io.tollgate.invoicing.pricing.PublicationCheck.Refusal;
import io.tollgate.service.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What there is to know of a price book before it is published: what it changes, and what it leaves without a price. */
@Path("/v1/price-books")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.Names.FINANCE)
public final class PriceBookReportsResource {

    private static final String NO_BOOK = "`no_price_book`: there is no such version or draft";

    private final TrialBooks books;
    private final CoverageQuery coverage;

    public PriceBookReportsResource(TrialBooks books, CoverageQuery coverage) {
        this.books = books;
        this.coverage = coverage;
    }

    @GET
    @Path("/{name}/diff")
    @Operation(
            operationId = "diffPriceBook",
            summary = "Compare two versions of a price book, or a version with the draft of the next",
            description = "Rate cards are told apart by their names.")
    @ApiResponse(responseCode = "200", description = "what is different", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = NO_BOOK)
    @ApiResponse(responseCode = "409", description = "`currency_change`: the draft is in another currency")
    public DiffAnswer diff(
            @Parameter(description = "of the book", example = "list") @PathParam("name") String name,
            @Parameter(
                            description = "number of the former version",
                            required = true,
                            schema = @Schema(type = "integer", format = "int32", minimum = "1"))
                    @QueryParam("from")
                    @Nullable Integer from,
            @Parameter(
                            description = "number of the later version; the draft when absent",
                            schema = @Schema(type = "integer", format = "int32", minimum = "1"))
                    @QueryParam("to")
                    @Nullable Integer to) {
        if (from == null) {
            throw Parameters.invalid("from is missing");
        }
        PriceBookDraft former = content(name, new Which.Version(from));
        PriceBookDraft later = content(name, to == null ? new Which.Draft() : new Which.Version(to));
        if (!former.currency().equals(later.currency())) {
            throw Refusals.of(
                    Refusals.CONFLICT,
                    "currency_change",
                    "amounts in " + former.currency() + " and in " + later.currency() + " cannot be compared");
        }
        return DiffAnswer.of(name, PriceBookDiff.of(former, later), later.currency());
    }

    @GET
    @Path("/{name}/coverage")
    @Operation(
            operationId = "getPriceBookCoverage",
            summary = "Find what of a month's usage a price book has no price for",
            description =
                    "By a version or the draft, as if it had taken effect when the month started; or by the versions"
                            + " that were in force. Of a draft it also tells which usage would meet a tie.")
    @ApiResponse(responseCode = "200", description = "the coverage", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = NO_BOOK)
    @ApiResponse(
            responseCode = "422",
            description = "`not_on_window_boundary`: the draft has a time between two windows")
    public CoverageAnswer coverage(
            @Parameter(description = "of the book", example = "list") @PathParam("name") String name,
            @Parameter(description = "a month of UTC", required = true, example = "2026-10")
                    @QueryParam("period")
                    @Nullable String period,
            @Parameter(
                            description = "number of the version; those in force when absent",
                            schema = @Schema(type = "integer", format = "int32", minimum = "1"))
                    @QueryParam("version")
                    @Nullable Integer version,
            @Parameter(
                            description = "`true` for the draft of the next version",
                            schema = @Schema(type = "boolean", defaultValue = "false"))
                    @QueryParam("draft")
                    boolean draft) {
        YearMonth month = Parameters.month(period).orElseThrow(() -> Parameters.invalid("period is missing"));
        BillingPeriod billed = BillingPeriod.of(month);
        Which which = which(version, draft);
        // Usage is not told apart within a window; ties, on the other hand, are what is asked about.
        refuse(books.content(name, which), refusal -> refusal.code().equals("not_on_window_boundary"));
        return books.over(name, which, billed.range())
                .map(prices -> CoverageAnswer.of(name, billed, coverage.of(billed, prices)))
                .orElseThrow(() -> Refusals.noPriceBook(name));
    }

    /** Answers with what stands in the way of rating by the content, as far as it matters. */
    static void refuse(Optional<PriceBookDraft> content, Predicate<Refusal> matters) {
        List<Refusals.Reason> reasons = content.map(PublicationCheck::refusals).orElse(List.of()).stream()
                .filter(matters)
                .map(refusal -> new Refusals.Reason(refusal.code(), refusal.detail()))
                .toList();
        if (!reasons.isEmpty()) {
            throw Refusals.of(Refusals.UNPROCESSABLE, reasons);
        }
    }

    static Which which(@Nullable Integer version, boolean draft) {
        if (version != null && draft) {
            throw Parameters.invalid("a book is meant by its version or by its draft, and not by both");
        }
        return draft ? new Which.Draft() : version == null ? new Which.InForce() : new Which.Version(version);
    }

    private PriceBookDraft content(String name, Which which) {
        return books.content(name, which).orElseThrow(() -> Refusals.noPriceBook(name));
    }
}
