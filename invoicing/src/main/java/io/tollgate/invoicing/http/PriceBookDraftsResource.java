package io.tollgate.invoicing.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.billing.Publishing;
import io.tollgate.invoicing.billing.TrialBooks;
import io.tollgate.invoicing.document.PriceBookDocument;
import io.tollgate.invoicing.document.PublishedBookDocument;
import io.tollgate.invoicing.postgres.PriceBookDraftStore;
import io.tollgate.invoicing.postgres.PriceBookStore;
import io.tollgate.invoicing.postgres.SavedDraft;
import io.tollgate.invoicing.pricing.PriceBookDraft;
import io.tollgate.service.ProblemException;
import io.tollgate.service.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Drafts of price books: one for each book, kept until it is published or thrown away. Nothing is billed by a draft. */
@Path("/v1/price-books")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.Names.FINANCE)
public final class PriceBookDraftsResource {

    private static final String NO_DRAFT = "`no_draft`: the book has no draft";

    private final PriceBookStore books;
    private final PriceBookDraftStore drafts;
    private final Publishing publishing;
    private final Clock clock;

    public PriceBookDraftsResource(
            PriceBookStore books, PriceBookDraftStore drafts, Publishing publishing, Clock clock) {
        this.books = books;
        this.drafts = drafts;
        this.publishing = publishing;
        this.clock = clock;
    }

    /**
     * Prices that are another book's, multiplied.
     *
     * @param book name of the other book, or of the same
     * @param version of it
     * @param multiplier decimal digits, such as 0.9 for a tenth less
     * @param effectiveFrom when the new version takes effect; when the other version did, if absent
     */
    @Schema(name = "DerivedPrices")
    public record Derivation(
            @JsonProperty(required = true) String book,
            @JsonProperty(required = true) int version,
            @JsonProperty(required = true) String multiplier,
            Optional<Instant> effectiveFrom) {}

    @GET
    @Path("/{name}/draft")
    @Operation(
            operationId = "getPriceBookDraft",
            summary = "Get the draft of a price book's next version, checked",
            description = "`refusals` has what stands in the way of publishing it as things are now.")
    @ApiResponse(responseCode = "200", description = "the draft", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = NO_DRAFT)
    public DraftAnswer get(@Parameter(description = "of the book", example = "list") @PathParam("name") String name) {
        return shown(find(name));
    }

    @PUT
    @Path("/{name}/draft")
    @Operation(
            operationId = "replacePriceBookDraft",
            summary = "Keep a draft of a price book's next version, in the place of the one there is",
            description = "It is kept even if it could not be published; `refusals` says why not.")
    @ApiResponse(responseCode = "200", description = "the draft as it is kept", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "422", description = "`invalid_body`, `invalid_price_book`: it makes no sense")
    public DraftAnswer replace(
            @Parameter(description = "of the book", example = "list") @PathParam("name") String name,
            @RequestBody(
                            description = "the book",
                            required = true,
                            content = @Content(schema = @Schema(implementation = PriceBookDocument.class)))
                    @Nullable PriceBookDocument document) {
        PriceBookDraft draft = PriceBooksResource.draft(document);
        if (!draft.name().equals(name)) {
            throw invalid("the path names the book " + Parameters.shown(name) + " and the body "
                    + Parameters.shown(draft.name()));
        }
        return shown(drafts.save(draft, now()));
    }

    @DELETE
    @Path("/{name}/draft")
    @Operation(operationId = "deletePriceBookDraft", summary = "Throw a draft away")
    @ApiResponse(responseCode = "200", description = "the draft as it was", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = NO_DRAFT)
    public DraftAnswer delete(@Parameter(description = "of the book") @PathParam("name") String name) {
        return shown((PriceBookDraft.canBeNamed(name) ? drafts.delete(name) : Optional.<SavedDraft>empty())
                .orElseThrow(() -> noDraft(name)));
    }

    @POST
    @Path("/{name}/draft:publish")
    @Operation(
            operationId = "publishPriceBookDraft",
            summary = "Publish a draft as the next version of its book",
            description = "It is a draft no more then. If the latest version says the same, nothing is published.")
    @ApiResponse(
            responseCode = "200",
            description = "the latest version, which says the same already",
            content = @Content(schema = @Schema(implementation = PublishedBookDocument.class)))
    @ApiResponse(
            responseCode = "201",
            description = "the new version",
            content = @Content(schema = @Schema(implementation = PublishedBookDocument.class)))
    @ApiResponse(responseCode = "404", description = NO_DRAFT)
    @ApiResponse(responseCode = "409", description = "`draft_changed`: the draft is not of that revision any more")
    @ApiResponse(
            responseCode = "422",
            description =
                    "`price_tie`, `not_on_window_boundary`, `duplicate_card`, `currency_change`: it cannot be billed"
                            + " by; `errors` has all reasons")
    public Response publish(
            @Parameter(description = "of the book") @PathParam("name") String name,
            @Parameter(
                            description = "the revision that is to be published; whatever it is now when absent",
                            schema = @Schema(type = "integer", format = "int64"))
                    @QueryParam("revision")
                    @Nullable Long revision) {
        SavedDraft draft = find(name);
        if (revision != null && revision != draft.revision()) {
            throw Refusals.of(
                    Refusals.CONFLICT,
                    "draft_changed",
                    "the draft is of revision " + draft.revision() + " by now, not " + revision);
        }
        return PriceBooksResource.answer(publishing.publish(draft, now()));
    }

    @POST
    @Path("/{name}/draft:derive")
    @Operation(
            operationId = "derivePriceBookDraft",
            summary = "Make a draft of another book's prices times a number",
            description =
                    "Every amount, fee, percentage, minimum and maximum is multiplied, exactly; quantities and tiers"
                            + " stay. The draft takes the place of the one there is, and does not follow the other book later.")
    @ApiResponse(responseCode = "200", description = "the draft", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = "`no_price_book`: there is no such version")
    @ApiResponse(
            responseCode = "422",
            description =
                    "`invalid_body`, `invalid_price_book`: the multiplier is none, or the result has too many digits")
    public DraftAnswer derive(
            @Parameter(description = "of the book that the draft is of") @PathParam("name") String name,
            @RequestBody(
                            description = "what to multiply by what",
                            required = true,
                            content = @Content(schema = @Schema(implementation = Derivation.class)))
                    @Nullable Derivation wanted) {
        if (wanted == null) {
            throw invalid("the body is empty");
        }
        if (!wanted.multiplier().matches("[0-9]{1,9}(\\.[0-9]{1,18})?")) {
            throw invalid(
                    "multiplier must be decimal digits such as \"0.9\", not " + Parameters.shown(wanted.multiplier()));
        }
        PriceBookDraft source = new TrialBooks(books, drafts)
                .content(wanted.book(), new TrialBooks.Which.Version(wanted.version()))
                .orElseThrow(() -> Refusals.noPriceBook(wanted.book()));
        try {
            PriceBookDraft derived = source.times(new BigDecimal(wanted.multiplier()), name);
            PriceBookDraft starting =
                    wanted.effectiveFrom().map(derived::startingAt).orElse(derived);
            // As it would be read again: digits may have become more than a price may have.
            return shown(drafts.save(PriceBookDocument.of(starting).toDraft(), now()));
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    private SavedDraft find(String name) {
        // What cannot be a book's name is not looked for: PostgreSQL has no text with a NUL in it.
        return (PriceBookDraft.canBeNamed(name) ? drafts.find(name) : Optional.<SavedDraft>empty())
                .orElseThrow(() -> noDraft(name));
    }

    private DraftAnswer shown(SavedDraft draft) {
        return DraftAnswer.of(draft, books.refusals(draft.content()));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static ProblemException noDraft(String name) {
        return Refusals.of(
                Refusals.NOT_FOUND, "no_draft", "the price book " + Parameters.shown(name) + " has no draft");
    }

    private static ProblemException invalid(String detail) {
        return Refusals.of(Refusals.UNPROCESSABLE, "invalid_price_book", detail);
    }
}
