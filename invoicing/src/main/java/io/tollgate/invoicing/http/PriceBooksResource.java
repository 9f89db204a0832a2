package io.tollgate.invoicing.http;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.billing.Publishing;
import io.tollgate.invoicing.document.PriceBookDocument;
import io.tollgate.invoicing.document.PublishedBookDocument;
import io.tollgate.invoicing.postgres.PriceBookStore;
import io.tollgate.invoicing.postgres.Publication;
import io.tollgate.invoicing.postgres.PublishedBook;
import io.tollgate.invoicing.pricing.PriceBook;
import io.tollgate.invoicing.pricing.PriceBookDraft;
import io.tollgate.invoicing.pricing.PriceHistory;
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

/** Price books: published in versions that never change. */
@Path("/v1/price-books")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.Names.FINANCE)
public final class PriceBooksResource {

    private final PriceBookStore books;
    private final Publishing publishing;
    private final Clock clock;

    public PriceBooksResource(PriceBookStore books, Publishing publishing, Clock clock) {
        this.books = books;
        this.publishing = publishing;
        this.clock = clock;
    }

    /** All published versions, in order of name and version. */
    @Schema(name = "PriceBookVersions")
    public record Versions(List<Version> priceBooks) {}

    /** A version without its cards. */
    @Schema(name = "PriceBookVersion")
    public record Version(
            String name, int version, String currency, Instant effectiveFrom, Instant publishedAt, int cardCount) {}

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
        Publication publication =
                publishing.publish(draft(document), clock.instant().truncatedTo(ChronoUnit.MILLIS));
        if (publication instanceof Publication.New published) {
            PublishedBookDocument shown = shown(published.published());
            return Response.created(URI.create("/v1/price-books/" + shown.name() + "?version=" + shown.version()))
                    .entity(shown)
                    .build();
        }
        if (publication instanceof Publication.Unchanged unchanged) {
            return Response.ok(shown(unchanged.published())).build();
        }
        throw Refusals.of(
                Refusals.UNPROCESSABLE,
                ((Publication.Refused) publication)
                        .refusals().stream()
                                .map(refusal -> new Refusals.Reason(refusal.code(), refusal.detail()))
                                .toList());
    }

    @GET
    @Operation(operationId = "listPriceBooks", summary = "List all published versions of all price books")
    @ApiResponse(responseCode = "200", description = "the versions, without their cards", useReturnTypeSchema = true)
    public Versions list() {
        return new Versions(books.versions(Optional.empty()).stream()
                .map(published -> new Version(
                        published.book().name(),
                        published.book().version(),
                        published.book().currency().getCurrencyCode(),
                        published.book().effectiveFrom(),
                        published.publishedAt(),
                        published.book().cards().size()))
                .toList());
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
                .orElseThrow(() -> Refusals.of(
                        Refusals.NOT_FOUND,
                        "no_price_book",
                        "no such version of a price book " + Parameters.shown(name)));
    }

    private static PriceBookDraft draft(@Nullable PriceBookDocument document) {
        if (document == null) {
            throw Refusals.of(Refusals.UNPROCESSABLE, "invalid_price_book", "the body is empty");
        }
        try {
            return document.toDraft();
        } catch (IllegalArgumentException e) {
            throw Refusals.of(Refusals.UNPROCESSABLE, "invalid_price_book", String.valueOf(e.getMessage()));
        }
    }

    private static PublishedBookDocument shown(PublishedBook published) {
        return PublishedBookDocument.of(published.book(), published.publishedAt());
    }
}
