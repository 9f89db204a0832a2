package io.tollgate.invoicing.document;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.invoicing.invoice.Adjustment;
import io.tollgate.invoicing.invoice.Adjustment.Amount;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.TimeRange;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What kept documents, an invoice and its notes, billed line by line. They are read member by member: what a later release
 * adds to the form must not make an old one unreadable.
 */
public final class BilledDocuments {

    private BilledDocuments() {}

    /** Sums over the documents. */
    public static Map<Adjustment.Key, Amount> lines(Collection<String> documents) {
        Map<Adjustment.Key, Amount> lines = new TreeMap<>();
        for (String document : documents) {
            JsonNode read = CanonicalJson.read(document, JsonNode.class);
            String currency = read.path("currency").asText();
            for (JsonNode line : read.path("lines")) {
                lines.merge(key(line), amount(line, currency), Amount::plus);
            }
        }
        return lines;
    }

    /** What a kept line is told from others by. */
    public static Adjustment.Key key(JsonNode line) {
        return new Adjustment.Key(
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

    private static Amount amount(JsonNode line, String currency) {
        return new Amount(
                new BigInteger(line.path("quantity").asText()),
                Money.of(line.path("exactAmount").asText(), currency),
                Money.of(line.path("amount").asText(), currency));
    }
}
