package io.tollgate.invoicing.pricing;

import io.tollgate.invoicing.usage.Product;
import java.util.Optional;
import java.util.stream.Stream;

/** A dimension that a rate card may name. */
public enum ProductDimension {
    PROVIDER("provider"),
    MODEL("model"),
    ACCELERATOR_TYPE("acceleratorType"),
    REGION("region"),
    OPERATION("operation"),
    SERVICE_TIER("serviceTier"),
    OUTCOME("outcome"),
    CONTEXT_BAND("contextBand");

    private final String label;

    ProductDimension(String label) {
        this.label = label;
    }

    /** Its name in price books and answers. */
    public String label() {
        return label;
    }

    /** The product's value of it, as text. */
    public String of(Product product) {
        return switch (this) {
            case PROVIDER -> product.provider();
            case MODEL -> product.model();
            case ACCELERATOR_TYPE -> product.acceleratorType();
            case REGION -> product.region();
            case OPERATION -> product.operation();
            case SERVICE_TIER -> product.serviceTier();
            case OUTCOME -> product.outcome();
            case CONTEXT_BAND -> Long.toString(product.contextBand());
        };
    }

    public static Optional<ProductDimension> labelled(String label) {
        return Stream.of(values())
                .filter(dimension -> dimension.label.equals(label))
                .findFirst();
    }
}
