package io.tollgate.invoicing.spend;

import io.tollgate.invoicing.cost.CostItem;
import io.tollgate.invoicing.rating.UnbilledUsage;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.UsageTotal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What spend can be grouped and filtered by.
 *
 * @param label its name in questions and answers; of a tag, {@code tag:} and its key
 */
public record SpendDimension(String label) implements Comparable<SpendDimension> {

    public static final SpendDimension TENANT = new SpendDimension("tenant");
    public static final SpendDimension PROJECT = new SpendDimension("project");
    public static final SpendDimension PROVIDER = new SpendDimension("provider");
    public static final SpendDimension MODEL = new SpendDimension("model");
    public static final SpendDimension ACCELERATOR_TYPE = new SpendDimension("acceleratorType");
    public static final SpendDimension REGION = new SpendDimension("region");
    public static final SpendDimension OPERATION = new SpendDimension("operation");
    public static final SpendDimension SERVICE_TIER = new SpendDimension("serviceTier");
    public static final SpendDimension OUTCOME = new SpendDimension("outcome");
    public static final SpendDimension CONTEXT_BAND = new SpendDimension("contextBand");
    public static final SpendDimension METER = new SpendDimension("meter");

    /** All but tags, of which there are as many as tenants have. */
    public static final List<SpendDimension> FIXED = List.of(
            TENANT,
            PROJECT,
            PROVIDER,
            MODEL,
            ACCELERATOR_TYPE,
            REGION,
            OPERATION,
            SERVICE_TIER,
            OUTCOME,
            CONTEXT_BAND,
            METER);

    private static final String TAG = "tag:";
    private static final Pattern CAPITAL = Pattern.compile("[A-Z]");

    /** The tag with that key. */
    public static SpendDimension tag(String key) {
        return new SpendDimension(TAG + key);
    }

    /** The key of a tag; empty for what is none. */
    public Optional<String> tagKey() {
        return label.startsWith(TAG) ? Optional.of(label.substring(TAG.length())) : Optional.empty();
    }

    /** What the item's usage has there; an empty string for "none". */
    public String of(CostItem.OfUsage usage) {
        return of(usage.tenant(), usage.project(), usage.tags(), usage.product(), usage.meter());
    }

    /** The same of usage that has no cost. */
    public String of(UsageTotal usage, String meter) {
        return of(usage.tenant(), usage.project(), usage.tags(), usage.product(), meter);
    }

    /** The same of an exception; empty for projects and tags, which it does not tell. */
    Optional<String> of(UnbilledUsage exception) {
        return equals(PROJECT) || tagKey().isPresent()
                ? Optional.empty()
                : Optional.of(of(exception.tenant(), "", Map.of(), exception.product(), exception.meter()));
    }

    private String of(String tenant, String project, Map<String, String> tags, Product product, String meter) {
        return switch (label) {
            case "tenant" -> tenant;
            case "project" -> project;
            case "provider" -> product.provider();
            case "model" -> product.model();
            case "acceleratorType" -> product.acceleratorType();
            case "region" -> product.region();
            case "operation" -> product.operation();
            case "serviceTier" -> product.serviceTier();
            case "outcome" -> product.outcome();
            case "contextBand" -> Long.toString(product.contextBand());
            case "meter" -> meter;
            default -> tags.getOrDefault(label.substring(TAG.length()), "");
        };
    }

    /** Reads a name as shown, in snake_case, or one of the short forms {@code accelerator} and {@code tier}. */
    public static Optional<SpendDimension> named(String name) {
        if (name.startsWith(TAG)) {
            return Optional.of(new SpendDimension(name)).filter(tag -> name.length() > TAG.length());
        }
        return switch (name) {
            case "accelerator" -> Optional.of(ACCELERATOR_TYPE);
            case "tier" -> Optional.of(SERVICE_TIER);
            default ->
                FIXED.stream()
                        .filter(each ->
                                each.label.equals(name) || snakeCase(each.label).equals(name))
                        .findFirst();
        };
    }

    private static String snakeCase(String label) {
        return CAPITAL.matcher(label)
                .replaceAll(
                        capital -> "_" + Character.toLowerCase(capital.group().charAt(0)));
    }

    @Override
    public int compareTo(SpendDimension other) {
        return label.compareTo(other.label);
    }
}
