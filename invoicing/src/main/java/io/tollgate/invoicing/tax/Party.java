package io.tollgate.invoicing.tax;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A seller or a buyer, as it stands on an invoice.
 *
 * @param addressLines street and the like, at most three
 * @param country code of ISO 3166-1
 * @param subdivision of the country, as in ISO 3166-2 but without the country, where tax depends on it: {@code CA}
 * @param vatId with its country's prefix: {@code SE556703748501}
 */
public record Party(
        String name,
        List<String> addressLines,
        Optional<String> city,
        Optional<String> postalCode,
        String country,
        Optional<String> subdivision,
        Optional<String> vatId) {

    private static final int LINES_MAX = 3;

    private static final Set<String> EUROPEAN_UNION = Set.of(
            "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
            "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK");

    public Party {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a party needs a name");
        }
        addressLines = List.copyOf(addressLines);
        if (addressLines.size() > LINES_MAX) {
            throw new IllegalArgumentException(
                    "an address has at most " + LINES_MAX + " lines beside city and country");
        }
        if (!country.matches("[A-Z]{2}")) {
            throw new IllegalArgumentException("a country is a code such as SE, not \"" + country + "\"");
        }
        subdivision.filter(part -> !part.matches("[A-Z0-9]{1,3}")).ifPresent(part -> {
            throw new IllegalArgumentException("a subdivision is a code such as CA, not \"" + part + "\"");
        });
        vatId.filter(id -> !id.matches("[A-Z]{2}[A-Z0-9+*]{2,13}")).ifPresent(id -> {
            throw new IllegalArgumentException(
                    "a VAT id is a country's prefix and 2 to 13 letters and digits, not \"" + id + "\"");
        });
    }

    boolean isInEuropeanUnion() {
        return EUROPEAN_UNION.contains(country);
    }

    /** {@code SE}, or {@code US-CA} where a subdivision is told. */
    String jurisdiction() {
        return subdivision.map(part -> country + "-" + part).orElse(country);
    }
}
