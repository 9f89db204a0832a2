package io.tollgate.invoicing.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.billing.Finding;
import io.tollgate.invoicing.billing.Invoices;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.InvoiceDocument;
import io.tollgate.invoicing.document.NoteDocument;
import io.tollgate.invoicing.invoice.Closing.Blocker;
import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.rendering.InvoiceContent;
import io.tollgate.invoicing.rendering.InvoiceCsv;
import io.tollgate.invoicing.rendering.InvoicePdf;
import io.tollgate.invoicing.rendering.InvoiceUbl;
import io.tollgate.invoicing.rendering.Shortcoming;
import io.tollgate.service.Caller;
import io.tollgate.service.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Invoices as files to hand on. */
@Path("/v1/invoices/{id}/document")
@RolesAllowed({Role.Names.FINANCE, Role.Names.TENANT})
public final class InvoiceFilesResource {

    private static final String PDF = "application/pdf";
    private static final String UBL = "application/xml";
    private static final String CSV = "text/csv";

    private final Invoices invoices;
    private final InvoicePdf pdf;
    private final Clock clock;

    public InvoiceFilesResource(Invoices invoices, InvoicePdf pdf, Clock clock) {
        this.invoices = invoices;
        this.pdf = pdf;
        this.clock = clock;
    }

    @GET
    @Operation(
            operationId = "getInvoiceDocument",
            summary = "Get an invoice or a note as a file",
            description = "Made from the very record that `getInvoice` hands out: a final invoice has the same bytes"
                    + " whenever it is asked for, until the operator's branding changes. A PDF of a draft says that it is"
                    + " one; UBL is of final invoices only.")
    @ApiResponse(
            responseCode = "200",
            description = "the file, with its name in `Content-Disposition`",
            content = {
                @Content(mediaType = PDF, schema = @Schema(type = "string", format = "binary")),
                @Content(mediaType = UBL, schema = @Schema(type = "string", format = "binary")),
                @Content(mediaType = CSV, schema = @Schema(type = "string", format = "binary"))
            })
    @ApiResponse(responseCode = "404", description = Described.NO_INVOICE + "; `no_usage`: there was nothing to bill")
    @ApiResponse(responseCode = "409", description = Described.NO_PRICES + "; of UBL, `not_final`: it is a draft")
    @ApiResponse(
            responseCode = "422",
            description =
                    "EN 16931 requires what the invoice does not have; `errors` has all of it, and how to give it:"
                            + " `no_seller`, `no_seller_vat_id`, `no_buyer_vat_id`, `no_lines`, `unsupported_currency`,"
                            + " `unknown_country`; of a note, `several_tax_rates`")
    public Response document(
            @Auth Caller caller,
            @Parameter(description = Described.INVOICE_ID, example = "acme.2023-11.1") @PathParam("id") String id,
            @Parameter(
                            description =
                                    "`pdf`; `ubl`: UBL 2.1 by the rules of EN 16931; `csv`: a row for each line and"
                                            + " entry, which add up to what is due",
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {"pdf", "ubl", "csv"},
                                            defaultValue = "pdf"))
                    @QueryParam("format")
                    @Nullable String format) {
        String wanted = Parameters.given(format).orElse("pdf");
        InvoiceId invoice = Callers.invoice(caller, id);
        String json = json(invoice);
        boolean isNote = CanonicalJson.read(json, JsonNode.class).has("kind");
        InvoiceContent content = isNote
                ? InvoiceContent.of(CanonicalJson.read(json, NoteDocument.class))
                : InvoiceContent.of(CanonicalJson.read(json, InvoiceDocument.class));
        String name = (isNote ? "note-" : content.isFinal() ? "invoice-" : "draft-") + invoice;
        return switch (wanted) {
            case "pdf" -> file(pdf.write(content), PDF, name + ".pdf");
            case "ubl" -> file(ubl(content), UBL, name + ".xml");
            case "csv" ->
                file(
                        isNote
                                ? InvoiceCsv.write(CanonicalJson.read(json, NoteDocument.class))
                                : InvoiceCsv.write(CanonicalJson.read(json, InvoiceDocument.class)),
                        CSV + ";charset=utf-8",
                        name + ".csv");
            default -> throw Parameters.invalid("format must be pdf, ubl or csv, not " + Parameters.shown(wanted));
        };
    }

    private String json(InvoiceId id) {
        Finding finding = invoices.find(id, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        if (finding instanceof Finding.Kept kept) {
            return kept.document();
        }
        if (finding instanceof Finding.Drafted drafted) {
            return CanonicalJson.write(InvoiceDocument.of(drafted.draft()));
        }
        Blocker why = ((Finding.None) finding).why();
        throw Refusals.of(
                why.code().equals("no_price_book") ? Refusals.CONFLICT : Refusals.NOT_FOUND, why.code(), why.detail());
    }

    private static byte[] ubl(InvoiceContent invoice) {
        List<Shortcoming> missing = InvoiceUbl.shortcomings(invoice);
        if (!missing.isEmpty()) {
            throw Refusals.of(
                    invoice.isFinal() ? Refusals.UNPROCESSABLE : Refusals.CONFLICT,
                    missing.stream()
                            .map(each -> new Refusals.Reason(each.code(), each.detail()))
                            .toList());
        }
        return InvoiceUbl.write(invoice);
    }

    /** An id has letters, digits and . _ @ - only, so it needs no quoting in a header. */
    private static Response file(byte[] bytes, String type, String name) {
        return Response.ok(bytes, type)
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + name + "\"")
                .build();
    }
}
