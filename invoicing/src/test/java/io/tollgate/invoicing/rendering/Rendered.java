package io.tollgate.invoicing.rendering;

import static io.tollgate.invoicing.Fixtures.AFTER;
import static io.tollgate.invoicing.Fixtures.NOVEMBER;
import static io.tollgate.invoicing.Fixtures.book;
import static io.tollgate.invoicing.Fixtures.gpt4o;
import static io.tollgate.invoicing.Fixtures.gpt4oCard;
import static io.tollgate.invoicing.Fixtures.history;
import static io.tollgate.invoicing.Fixtures.usage;

import io.tollgate.invoicing.Contracts;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.InvoiceDocument;
import io.tollgate.invoicing.invoice.Closing;
import io.tollgate.invoicing.invoice.Invoice;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Invoices to make documents of. */
final class Rendered {

    static final String GERMAN_BUYER =
            "'issuer':'nordic','billTo':{'name':'Beispiel GmbH','city':'Köln','country':'DE','vatId':'DE123456788'}";
    static final String AMERICAN_BUYER =
            "'issuer':'nordic','billTo':{'name':'Example Inc.','city':'Oakland','country':'US','subdivision':'CA'}";

    private Rendered() {}

    /** Of 47.45 USD of usage, by a contract of acme, read back from the bytes that would be kept. */
    static InvoiceDocument closed(String contract) {
        return CanonicalJson.read(
                CanonicalJson.write(
                        InvoiceDocument.of(((Closing.Closed) Closing.of(draft(contract), List.of(), AFTER)).invoice())),
                InvoiceDocument.class);
    }

    static Invoice draft(String contract) {
        return Contracts.invoice(
                Contracts.history(Contracts.acme(contract)),
                history(book(gpt4oCard())),
                List.of(usage(
                        NOVEMBER, "acme", gpt4o(), Map.of("input_tokens", 18_059_974L, "output_tokens", 230_001L))));
    }

    /** With a term of every kind: discounts, a bundle, a commitment, tax, credits, and a conversion. */
    static InvoiceDocument everyTerm() {
        return kept("contract-invoice.json");
    }

    /** With a price of every kind, and no contract. */
    static InvoiceDocument everyPrice() {
        return kept("all-prices-invoice.json");
    }

    /** Of a reservation, and of what spills over. */
    static InvoiceDocument reservation() {
        return kept("reservation-invoice.json");
    }

    private static InvoiceDocument kept(String name) {
        try (InputStream in = Objects.requireNonNull(
                InvoiceDocument.class.getResourceAsStream("/io/tollgate/invoicing/document/" + name))) {
            return CanonicalJson.read(new String(in.readAllBytes(), StandardCharsets.UTF_8), InvoiceDocument.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
