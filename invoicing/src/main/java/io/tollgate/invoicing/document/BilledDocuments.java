package io.tollgate.invoicing.document;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.invoicing.contract.Days;
import io.tollgate.invoicing.invoice.Adjustment;
import io.tollgate.invoicing.invoice.Adjustment.Amount;
import io.tollgate.invoicing.invoice.Adjustment.Billed;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.tax.TaxCategory;
import io.tollgate.invoicing.tax.TaxTreatment;
import io.tollgate.invoicing.terms.Entry;
import io.tollgate.invoicing.terms.Posting;
import io.tollgate.invoicing.terms.Step;
import io.tollgate.invoicing.terms.TaxShare;
import io.tollgate.invoicing.usage.Evidence;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.schemas.Digest;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What kept documents, an invoice and its notes, billed. They are read member by member: what a later release adds to the
 * form must not make an old one unreadable.
 */
public final class BilledDocuments {

    private final List<JsonNode> documents;

    private BilledDocuments(List<JsonNode> documents) {
        this.documents = documents;
    }

    /** Of an invoice and then its notes, as they are kept. */
    public static BilledDocuments of(List<String> documents) {
        return new BilledDocuments(documents.stream()
                .map(document -> CanonicalJson.read(document, JsonNode.class))
                .toList());
    }

    /** Sums over the documents. */
    public Billed billed(List<Posting> postings) {
        Map<Adjustment.Key, Amount> lines = new TreeMap<>();
        List<Entry> entries = new ArrayList<>();
        List<TaxShare> taxes = new ArrayList<>();
        Evidence evidence = Evidence.NONE;
        for (JsonNode document : documents) {
            String currency = currency(document);
            String tenant = document.path("tenant").asText();
            document.path("lines")
                    .forEach(line -> lines.merge(key(line, tenant), amount(line, currency), Amount::plus));
            document.at("/contract/entries").forEach(entry -> entries.add(entry(entry, currency)));
            document.at("/contract/taxes").forEach(tax -> taxes.add(tax(tax, currency)));
            unstated(document).ifPresent(entries::add);
            evidence = evidence.plus(new Evidence(
                    document.path("eventCount").asLong(),
                    Digest.ofBytes(
                            HexFormat.of().parseHex(document.path("digest").asText()))));
        }
        return new Billed(
                lines,
                entries,
                taxes,
                postings,
                sum("exactSum"),
                sum("subtotal"),
                sum("total"),
                documents.stream().map(BilledDocuments::due).reduce(Money::plus).orElseThrow(),
                evidence);
    }

    /** The sentences of the exceptions that were let pass. */
    public Set<String> waived() {
        Set<String> waived = new TreeSet<>();
        documents.forEach(document -> document.path("exceptions")
                .forEach(exception -> waived.add(exception.path("detail").asText())));
        return waived;
    }

    /** What the invoice's contract was; empty if it had none. */
    public Optional<StatementDocument> contract() {
        return Optional.of(documents.get(0).path("contract"))
                .filter(JsonNode::isObject)
                .map(contract -> CanonicalJson.read(contract.toString(), StatementDocument.class));
    }

    /** The stretch of time that the invoice bills. */
    public RangeDocument servicePeriod() {
        return CanonicalJson.read(documents.get(0).path("servicePeriod").toString(), RangeDocument.class);
    }

    /**
     * What a kept line is told from others by.
     *
     * @param tenant the document's, whose usage it is where the line names no other
     */
    public static Adjustment.Key key(JsonNode line, String tenant) {
        return new Adjustment.Key(
                line.path("usedBy").asText(tenant),
                new Product(
                        line.path("provider").asText(),
                        line.path("model").asText(),
                        line.path("acceleratorType").asText(),
                        line.path("region").asText(),
                        line.path("operation").asText(),
                        line.path("serviceTier").asText(),
                        line.path("outcome").asText(),
                        line.path("contextBand").asLong()),
                line.path("meter").asText(),
                new TimeRange(
                        Instant.parse(line.at("/servicePeriod/from").asText()),
                        Instant.parse(line.at("/servicePeriod/to").asText())),
                Optional.of(line.path("reservation").asText()).filter(id -> !id.isEmpty()));
    }

    private Money sum(String member) {
        return documents.stream()
                .map(document -> Money.of(document.path(member).asText(), currency(document)))
                .reduce(Money::plus)
                .orElseThrow();
    }

    private static Money due(JsonNode document) {
        String total = document.path("total").asText();
        return Money.of(document.at("/contract/amountDue").asText(total), currency(document));
    }

    private static String currency(JsonNode document) {
        return document.path("currency").asText();
    }

    private static Amount amount(JsonNode line, String currency) {
        return new Amount(
                new BigInteger(line.path("quantity").asText()),
                Money.of(line.path("exactAmount").asText(), currency),
                Money.of(line.path("amount").asText(), currency));
    }

    private static Entry entry(JsonNode entry, String currency) {
        return new Entry(
                Arrays.stream(Step.values())
                        .filter(step -> step.label().equals(entry.path("step").asText()))
                        .findFirst()
                        .orElseThrow(),
                entry.path("id").asText(),
                entry.path("description").asText(),
                new Days(
                        LocalDate.parse(entry.path("from").asText()),
                        LocalDate.parse(entry.path("to").asText())),
                entry.path("explanation").asText(),
                Money.of(entry.path("amount").asText(), currency));
    }

    private static TaxShare tax(JsonNode tax, String currency) {
        return new TaxShare(
                new TaxTreatment(
                        TaxCategory.coded(tax.path("category").asText()).orElseThrow(),
                        tax.path("jurisdiction").asText(),
                        new BigDecimal(tax.path("percent").asText()),
                        Optional.ofNullable(tax.get("reason")).map(JsonNode::asText)),
                Money.of(tax.path("taxable").asText(), currency),
                Money.of(tax.path("amount").asText(), currency));
    }

    /** Notes had no entries once: what such a one had beside its lines is one sum. */
    private static Optional<Entry> unstated(JsonNode document) {
        String currency = currency(document);
        Money beside = Money.of(document.path("total").asText(), currency)
                .minus(Money.of(document.path("subtotal").asText(), currency));
        return Optional.of(beside)
                .filter(amount -> document.path("contract").isMissingNode() && amount.signum() != 0)
                .map(amount -> new Entry(
                        Step.COMMITMENT,
                        "unstated",
                        "terms and tax of a note that did not say them",
                        Days.of(YearMonth.parse(document.path("period").asText())),
                        document.path("number").asText(),
                        amount));
    }
}
