package io.tollgate.cli.invoice;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.cli.terminal.TextTable;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.StringJoiner;

/** Prints an invoice or a note to one, as the API gives it, for people. */
public final class InvoicePrinter {

    private InvoicePrinter() {}

    public static void print(JsonNode invoice, PrintWriter out) {
        boolean closed = invoice.path("status").asText().equals("final") || isNote(invoice);
        String currency = invoice.path("currency").asText();
        out.printf("%s %s%n", title(invoice, closed), invoice.path("id").asText());
        out.printf(
                "Tenant %s, period %s (%s to %s)%n",
                invoice.path("tenant").asText(),
                invoice.path("period").asText(),
                invoice.path("servicePeriod").path("from").asText(),
                invoice.path("servicePeriod").path("to").asText());
        out.printf(
                "%s, %s, %s usage events%n",
                closed
                        ? "Finalised " + invoice.path("finalisedAt").asText()
                        : "As of " + invoice.path("asOf").asText(),
                isNote(invoice)
                        ? "corrects " + invoice.path("invoice").asText()
                        : "price book " + invoice.path("priceBook").path("name").asText()
                                + versions(invoice.path("priceBook").path("versions")),
                number(invoice.path("eventCount").asText()));
        out.println();
        out.print(lines(invoice, currency));
        printArithmetic(invoice.path("lines"), out);
        out.printf(
                "%nExact sum %s %s, rounded half up once: %s %s%n",
                invoice.path("exactSum").asText(),
                currency,
                invoice.path("subtotal").asText(),
                currency);
        if (invoice.has("contract")) {
            out.println();
            out.print(entries(invoice.path("contract"), currency));
        }
        printExceptions(invoice.path("exceptions"), out);
        out.flush();
    }

    private static String lines(JsonNode invoice, String currency) {
        TextTable table = new TextTable()
                .right("#")
                .left("Model")
                .left("Accelerator")
                .left("Details")
                .left("Meter")
                .right("Quantity")
                .right("Price")
                .right("Exact")
                .right(currency);
        for (JsonNode line : invoice.path("lines")) {
            table.row(
                    line.path("number").asText(),
                    line.path("provider").asText() + "/" + line.path("model").asText(),
                    line.path("acceleratorType").asText(),
                    details(line),
                    line.path("meter").asText(),
                    number(line.path("quantity").asText()),
                    price(line),
                    line.path("exactAmount").asText(),
                    decimal(line.path("amount").asText()));
        }
        return table.footer(
                        "",
                        invoice.has("contract") ? "Subtotal" : "Total",
                        "",
                        "",
                        "",
                        "",
                        "",
                        "",
                        decimal(invoice.path("subtotal").asText()))
                .render();
    }

    /** What the terms of a contract make of the lines, tax and credits included. */
    private static String entries(JsonNode contract, String currency) {
        TextTable table =
                new TextTable().left("Step").left("Term").left("Arithmetic").right(currency);
        for (JsonNode entry : contract.path("entries")) {
            table.row(
                    entry.path("step").asText(),
                    entry.path("description").asText(),
                    entry.path("explanation").asText(),
                    decimal(entry.path("amount").asText()));
        }
        return table.footer(
                        "Amount due", "", "", decimal(contract.path("amountDue").asText()))
                .render();
    }

    private static boolean isNote(JsonNode document) {
        return document.has("invoice");
    }

    private static String title(JsonNode document, boolean closed) {
        if (isNote(document)) {
            return document.path("kind").asText().equals("credit_note") ? "Credit note" : "Debit note";
        }
        return closed ? "Invoice" : "Draft invoice";
    }

    /** Amount and units where that is the whole price; else its arithmetic stands below the table. */
    private static String price(JsonNode line) {
        JsonNode unitPrice = line.path("unitPrice");
        if (!line.has("explanation")) {
            // A line of a note is a difference.
            return "";
        }
        return unitPrice.isMissingNode()
                ? "see below"
                : "%s / %s"
                        .formatted(
                                unitPrice.path("amount").asText(),
                                number(unitPrice.path("per").asText()));
    }

    private static void printArithmetic(JsonNode lines, PrintWriter out) {
        for (JsonNode line : lines) {
            if (line.path("unitPrice").isMissingNode() && line.has("explanation")) {
                out.printf(
                        "%nLine %s: %s%n",
                        line.path("number").asText(), line.path("explanation").asText());
            }
        }
    }

    /** What sets a line apart from the usual chat request. */
    private static String details(JsonNode line) {
        StringJoiner details = new StringJoiner(", ");
        if (line.has("usedBy")) {
            details.add("used by " + line.path("usedBy").asText());
        }
        if (line.has("reservation")) {
            details.add("reservation " + line.path("reservation").asText());
        }
        if (!line.path("region").asText().isEmpty()) {
            details.add(line.path("region").asText());
        }
        if (!line.path("operation").asText().equals("chat")) {
            details.add(line.path("operation").asText());
        }
        if (!line.path("serviceTier").asText().equals("standard")) {
            details.add(line.path("serviceTier").asText());
        }
        if (!line.path("outcome").asText().equals("success")) {
            details.add(line.path("outcome").asText());
        }
        if (line.path("contextBand").asLong() > 0) {
            details.add(String.format(
                    Locale.ROOT, "prompts over %,d", line.path("contextBand").asLong()));
        }
        return details.toString();
    }

    private static void printExceptions(JsonNode exceptions, PrintWriter out) {
        if (exceptions.isEmpty()) {
            return;
        }
        out.println();
        out.println("Not billed, and in the way of finalising:");
        for (JsonNode exception : exceptions) {
            out.printf(
                    "  %s: %s%n",
                    exception.path("code").asText(), exception.path("detail").asText());
        }
        out.println("Publish prices for it (deploy/tollgate prices publish FILE), then ask again.");
    }

    /** A draft that has no lines was not priced by any version. */
    private static String versions(JsonNode versions) {
        StringJoiner joined = new StringJoiner(", ", " version ", "").setEmptyValue("");
        versions.forEach(version -> joined.add(version.asText()));
        return joined.toString();
    }

    private static String number(String digits) {
        return String.format(Locale.ROOT, "%,d", new BigInteger(digits));
    }

    private static String decimal(String digits) {
        return TextTable.decimal(new BigDecimal(digits));
    }
}
