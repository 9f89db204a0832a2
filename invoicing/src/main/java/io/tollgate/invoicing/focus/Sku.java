package io.tollgate.invoicing.focus;

import io.tollgate.invoicing.usage.Product;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is sold, named by what it is and not by whom it is sold to, so that every tenant's export has the same: a model, an
 * operation and a meter. The price is that of a list price's card, so it is named by all dimensions that a card may match.
 */
final class Sku {

    private Sku() {}

    static String id(Product product, String meter) {
        return joined(List.of(product.provider(), product.model(), product.operation(), meter));
    }

    /** @param label of a part of the price; empty for a plain unit price */
    static String priceId(Product product, String meter, String label) {
        return id(product, meter)
                + "/"
                + joined(List.of(
                        product.acceleratorType(),
                        product.region(),
                        product.serviceTier(),
                        product.outcome(),
                        Long.toString(product.contextBand())))
                + (label.isEmpty() ? "" : "#" + label);
    }

    /** Only what the price's id implies. None of them is defined by FOCUS, so all have its prefix for others'. */
    static SortedMap<String, String> details(Product product) {
        SortedMap<String, String> details = new TreeMap<>();
        details.put("x_AcceleratorType", product.acceleratorType());
        details.put("x_ContextBand", product.contextBand() == 0 ? "" : Long.toString(product.contextBand()));
        details.put("x_Model", product.model());
        details.put("x_Operation", product.operation());
        details.put("x_Outcome", product.outcome());
        details.put("x_ServiceTier", product.serviceTier());
        details.values().removeIf(String::isEmpty);
        return details;
    }

    /** Names may hold what joins them. */
    private static String joined(List<String> names) {
        return names.stream()
                .map(name -> name.replace("%", "%25").replace("/", "%2F").replace("#", "%23"))
                .collect(Collectors.joining("/"));
    }
}
