package io.tollgate.invoicing.document;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.tax.Party;
import java.util.List;
import java.util.Optional;

/**
 * A seller or buyer as JSON.
 *
 * @param country code of ISO 3166-1
 * @param subdivision code of ISO 3166-2 without the country, where tax depends on it
 * @param vatId with its country's prefix
 */
@Schema(name = "Party")
public record PartyDocument(
        @JsonProperty(required = true) String name,
        Optional<List<String>> addressLines,
        Optional<String> city,
        Optional<String> postalCode,
        @JsonProperty(required = true) String country,
        Optional<String> subdivision,
        Optional<String> vatId) {

    public static PartyDocument of(Party party) {
        return new PartyDocument(
                party.name(),
                Optional.of(party.addressLines()).filter(lines -> !lines.isEmpty()),
                party.city(),
                party.postalCode(),
                party.country(),
                party.subdivision(),
                party.vatId());
    }

    /** @throws IllegalArgumentException if the document makes no sense; the message is meant for its author */
    public Party toParty() {
        return new Party(
                Reading.required(name, "name"),
                addressLines.orElse(List.of()),
                city,
                postalCode,
                Reading.required(country, "country"),
                subdivision,
                vatId);
    }
}
