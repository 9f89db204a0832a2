package io.tollgate.invoicing.litellm;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a key of the file means. Keys are LiteLLM's own addresses of models: provider, perhaps a region, then the model. */
sealed interface ModelName {

    /**
     * A model as usage names it.
     *
     * @param provider as the file names it
     * @param region empty for all
     */
    record Model(String provider, String model, String region) implements ModelName {}

    /** Something that usage does not name. */
    record Unnamed(String reason) implements ModelName {}

    Pattern AWS_REGION = Pattern.compile("(?<region>[a-z]{2}(?:-gov)?-[a-z]+-\\d)/(?<model>.+)");
    Pattern SIZE = Pattern.compile("(?:.*/)?\\d+-x-\\d+/.*");
    Pattern COMMITMENT = Pattern.compile("(?:.*/)?\\d+-month-commitment/.*");
    Pattern AZURE_ZONE = Pattern.compile("(?:us|eu|global|global-standard)/.*");

    static ModelName of(String key, String provider) {
        String rest = withoutProvider(key, provider);
        if (COMMITMENT.matcher(rest).matches()) {
            return new Unnamed("a reserved capacity, which is part of a contract and not of a list");
        }
        if (SIZE.matcher(rest).matches()) {
            return new Unnamed("priced by size or quality of images, which usage does not tell");
        }
        if (provider.equals("azure") && AZURE_ZONE.matcher(rest).matches()) {
            return new Unnamed("priced by a data zone, and usage tells regions");
        }
        if (rest.indexOf('*') >= 0 || rest.codePoints().anyMatch(Character::isISOControl)) {
            return new Unnamed("not the name of one model");
        }
        Matcher regional = AWS_REGION.matcher(rest);
        return provider.startsWith("bedrock") && regional.matches()
                ? new Model(provider, regional.group("model"), regional.group("region"))
                : new Model(provider, rest, "");
    }

    /** {@code vertex_ai/claude-sonnet-4} of the provider {@code vertex_ai-anthropic_models} is {@code claude-sonnet-4}. */
    private static String withoutProvider(String key, String provider) {
        int slash = key.indexOf('/');
        String first = slash < 0 ? "" : key.substring(0, slash).replace('-', '_');
        String whole = provider.replace('-', '_');
        boolean isProvider = !first.isEmpty() && (whole.equals(first) || whole.startsWith(first + "_"));
        return isProvider ? key.substring(slash + 1) : key;
    }
}
