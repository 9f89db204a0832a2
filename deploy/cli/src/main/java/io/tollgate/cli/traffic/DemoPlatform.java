package io.tollgate.cli.traffic;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who uses the platform of the demo and what for, as committed in {@code platform.json}.
 *
 * @param weekendWeight how busy an hour of a weekend is, compared with the same hour of a working day
 */
@JsonIgnoreProperties({"about", "weekendWeightAbout"})
public record DemoPlatform(double weekendWeight, List<Model> models, List<Tenant> tenants) {

    /** @throws IllegalArgumentException when a project uses a model that the platform does not have */
    public DemoPlatform {
        models = List.copyOf(models);
        tenants = List.copyOf(tenants);
        List<String> known = models.stream().map(Model::model).toList();
        for (Tenant tenant : tenants) {
            for (Project project : tenant.projects()) {
                if (!known.containsAll(project.models().keySet())) {
                    throw new IllegalArgumentException(
                            tenant.tenant() + "/" + project.project() + " uses a model that is not among " + known);
                }
            }
        }
    }

    /**
     * A model and which tables its requests follow.
     *
     * @param windowTokens the longest prompt that it takes
     * @param prompt table of whole prompt lengths
     * @param output table of generated lengths, reasoning included
     * @param cacheShare table of the share of a prompt that is read from the vendor's cache, if it has a price for that
     * @param reasoningShare table of the share of the output that is reasoning, if it reasons
     * @param cacheWrites whether the vendor charges for filling its cache
     * @param accelerators type to weight
     */
    public record Model(
            String model,
            String provider,
            long windowTokens,
            String prompt,
            String output,
            Optional<String> cacheShare,
            Optional<String> reasoningShare,
            boolean cacheWrites,
            Map<String, Double> accelerators) {

        public Model {
            // Sorted, because the order of draws must not hang on a hash.
            accelerators = Collections.unmodifiableMap(new TreeMap<>(accelerators));
        }
    }

    /** A company; its weight is its rank. */
    public record Tenant(String tenant, List<Project> projects) {

        public Tenant {
            projects = List.copyOf(projects);
        }
    }

    /** What a company does with models, and where. */
    public record Project(
            String project, String region, double weight, Map<String, String> tags, Map<String, Double> models) {

        public Project {
            // Sorted, because the order of Map.copyOf changes from one JVM to the next, and the encoded bytes with it.
            tags = Collections.unmodifiableMap(new TreeMap<>(tags));
            models = Collections.unmodifiableMap(new TreeMap<>(models));
        }
    }
}
