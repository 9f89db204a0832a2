package io.tollgate.invoicing.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.billing.Publishing;
import io.tollgate.invoicing.document.PriceBookDocument;
import io.tollgate.invoicing.document.PublishedBookDocument;
import io.tollgate.invoicing.postgres.PriceBookDraftStore;
import io.tollgate.invoicing.postgres.PriceBookStore;
import io.tollgate.invoicing.postgres.Publication;
import io.tollgate.invoicing.postgres.PublishedBook;
import io.tollgate.invoicing.postgres.Retirement;
import io.tollgate.invoicing.pricing.PriceBook;
import io.tollgate.invoicing.pricing.PriceBookDraft;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.pricing.PublicationCheck.Refusal;
import io.tollgate.invoicing.usage.Window;
import io.tollgate.service.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Price books: published in versions that never change, and that apply until they are overruled or retired. */
@Path("/v1/price-books")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.Names.FINANCE)
public final class PriceBooksResource {

    private final PriceBookStore books;
    private final PriceBookDraftStore drafts;
    private final Publishing publishing;
    private final Clock clock;

    public PriceBooksResource(PriceBookStore books, PriceBookDraftStore drafts, Publishing publishing, Clock clock) {
        this.books = books;
        this.drafts = drafts;
        this.publishing = publishing;
        this.clock = clock;
    }

    /**
     * All price books.
     *
     * @param priceBooks the published versions, in order of name and version
     * @param drafts of next versions, in order of name
     */
    @Schema(name = "PriceBookVersions")
    public record Versions(List<Version> priceBooks, List<Draft> drafts) {}

    /**
     * A version without its cards.
     *
     * @param status one of two: {@code retired} when it applies no longer
     * @param retiredFrom first instant at which it no longer applies; absent if it was not retired
     */
    @Schema(name = "PriceBookVersion")
    public record Version(
            String name,
            int version,

            @Schema(allowableValues = {"published", "retired"})
            String status,

            String currency,
            Instant effectiveFrom,
            Instant publishedAt,
            Optional<Instant> retiredFrom,
            int cardCount) {}

    /** A draft without its cards. */
    @Schema(name = "PriceBookDraftHead")
    public record Draft(
            String name, long revision, String currency, Instant effectiveFrom, Instant savedAt, int cardCount) {}

    /**
     * The end of a version.
     *
     * @param version its number
     * @param from first instant at which it no longer applies, on a 15-minute boundary and not past; the next boundary when
     *     absent
     */
    @Schema(name = "PriceBookRetirement")
    public record End(@JsonProperty(required = true) int version, Optional<Instant> from) {}

    @POST
    @Operation(
            operationId = "publishPriceBook",
            summary = "Publish a price book as its next version",
            description = "The same content as the latest version's changes nothing. A version never changes.")
    @ApiResponse(
            responseCode = "200",
            description = "the latest version, which says the same already",
            content = @Content(schema = @Schema(implementation = PublishedBookDocument.class)))
    @ApiResponse(
            responseCode = "201",
            description = "the new version",
            content = @Content(schema = @Schema(implementation = PublishedBookDocument.class)))
    @ApiResponse(
            responseCode = "422",
            description = "`invalid_body`, `invalid_price_book`, `price_tie`, `not_on_window_boundary`,"
                    + " `duplicate_card`, `currency_change`: it cannot be billed by; `errors` has all reasons")
    public Response publish(
            @RequestBody(
                            description = "the book",
                            required = true,
                            content = @Content(schema = @Schema(implementation = PriceBookDocument.class)))
                    @Nullable PriceBookDocument document) {
        return answer(publishing.publish(draft(document), now()));
    }

    /** What a publication is answered with. */
    static Response answer(Publication publication) {
        if (publication instanceof Publication.New published) {
            PublishedBookDocument shown = shown(published.published());
            return Response.created(URI.create("/v1/price-books/" + shown.name() + "?version=" + shown.version()))
                    .entity(shown)
                    .build();
        }
        if (publication instanceof Publication.Unchanged unchanged) {
            return Response.ok(shown(unchanged.published())).build();
        }
        List<Refusals.Reason> reasons = ((Publication.Refused) publication)
                .refusals().stream()
                        .map(refusal -> new Refusals.Reason(refusal.code(), refusal.detail()))
                        .toList();
        boolean raced = reasons.stream().anyMatch(reason -> reason.code().equals("draft_changed"));
        throw Refusals.of(raced ? Refusals.CONFLICT : Refusals.UNPROCESSABLE, reasons);
    }

    @POST
    @Path("/{name}:retire")
    @Operation(
            operationId = "retirePriceBook",
            summary = "Say from which instant a version of a price book no longer applies",
            description =
                    "From then the versions before it apply again, as if it had never been published; if there is none,"
                            + " usage has no price. It is said once: the same again changes nothing. The past is not touched, so no"
                            + " final invoice is.")
    @ApiResponse(
            responseCode = "200",
            description = "the version",
            content = @Content(schema = @Schema(implementation = PublishedBookDocument.class)))
    @ApiResponse(responseCode = "404", description = "`no_price_book`: there is no such version")
    @ApiResponse(responseCode = "409", description = "`already_retired`: from another instant")
    @ApiResponse(
            responseCode = "422",
            description = "`invalid_body`, `not_on_window_boundary`, `retirement_in_past`: it cannot end then")
    public PublishedBookDocument retire(
            @Parameter(description = "of the book", example = "list") @PathParam("name") String name,
            @RequestBody(
                            description = "which version, and when",
                            required = true,
                            content = @Content(schema = @Schema(implementation = End.class)))
                    @Nullable End end) {
        if (end == null) {
            throw Refusals.of(Refusals.UNPROCESSABLE, "invalid_body", "the body is empty");
        }
        if (!PriceBookDraft.canBeNamed(name)) {
            throw Refusals.noPriceBook(name);
        }
        Instant now = now();
        Instant next = Window.startsAt(now) ? now : Window.startOf(now).plusSeconds(Window.SECONDS);
        Retirement retirement = books.retire(name, end.version(), end.from().orElse(next), now);
        if (retirement instanceof Retirement.Retired retired) {
            return shown(retired.published());
        }
        Refusal why = ((Retirement.Refused) retirement).why();
        throw switch (why.code()) {
            case "no_price_book" -> Refusals.noPriceBook(name);
            case "already_retired" -> Refusals.of(Refusals.CONFLICT, why.code(), why.detail());
            default -> Refusals.of(Refusals.UNPROCESSABLE, why.code(), why.detail());
        };
    }

    @GET
    @Operation(
            operationId = "listPriceBooks",
            summary = "List all published versions of all price books, and the drafts of next ones")
    @ApiResponse(responseCode = "200", description = "the versions, without their cards", useReturnTypeSchema = true)
    public Versions list() {
        Instant now = now();
        return new Versions(
                books.versions(Optional.empty()).stream()
                        .map(published -> version(published, now))
                        .toList(),
                drafts.list().stream()
                        .map(draft -> new Draft(
                                draft.content().name(),
                                draft.revision(),
                                draft.content().currency().getCurrencyCode(),
                                draft.content().effectiveFrom(),
                                draft.savedAt(),
                                draft.content().cards().size()))
                        .toList());
    }

    private static Version version(PublishedBook published, Instant now) {
        PriceBook book = published.book();
        boolean isRetired = book.retiredFrom().map(from -> !now.isBefore(from)).orElse(false);
        return new Version(
                book.name(),
                book.version(),
                isRetired ? "retired" : "published",
                book.currency().getCurrencyCode(),
                book.effectiveFrom(),
                published.publishedAt(),
                book.retiredFrom(),
                book.cards().size());
    }

    @GET
    @Path("/{name}")
    @Operation(
            operationId = "getPriceBook",
            summary = "Get a version of a price book",
            description = "The one in force now, or at an instant, or by its number.")
    @ApiResponse(responseCode = "200", description = "the version", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = "`no_price_book`: there is no such version")
    public PublishedBookDocument book(
            @Parameter(description = "of the book", example = "list") @PathParam("name") String name,
            @Parameter(description = "the version in force then: a date (its midnight in UTC) or a time of RFC 3339")
                    @QueryParam("at")
                    @Nullable String at,
            @Parameter(
                            description = "the version of this number; `at` is not looked at then",
                            schema = @Schema(type = "integer", format = "int32", minimum = "1"))
                    @QueryParam("version")
                    @Nullable Integer version) {
        // What cannot be a book's name is not looked for: PostgreSQL has no text with a NUL in it.
        List<PublishedBook> versions = PriceBookDraft.canBeNamed(name) ? books.versions(Optional.of(name)) : List.of();
        Instant when = at == null ? clock.instant() : Parameters.instant("at", at);
        Optional<Integer> wanted = version != null || versions.isEmpty()
                ? Optional.ofNullable(version)
                : new PriceHistory(versions.stream().map(PublishedBook::book).toList())
                        .versionAt(when)
                        .map(PriceBook::version);
        return versions.stream()
                .filter(published -> wanted.equals(Optional.of(published.book().version())))
                .findFirst()
                .map(PriceBooksResource::shown)
                .orElseThrow(() -> Refusals.noPriceBook(name));
    }

    /** What the document says, or the problem of one that makes no sense. */
    static PriceBookDraft draft(@Nullable PriceBookDocument document) {
        if (document == null) {
            throw Refusals.of(Refusals.UNPROCESSABLE, "invalid_price_book", "the body is empty");
        }
        try {
            return document.toDraft();
        } catch (IllegalArgumentException e) {
            throw Refusals.of(Refusals.UNPROCESSABLE, "invalid_price_book", String.valueOf(e.getMessage()));
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static PublishedBookDocument shown(PublishedBook published) {
        return PublishedBookDocument.of(published.book(), published.publishedAt());
    }
}
