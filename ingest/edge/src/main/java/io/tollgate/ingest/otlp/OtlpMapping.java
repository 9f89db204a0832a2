package io.tollgate.ingest.otlp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tollgate.emitter.rules.Fault;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which attribute gives what. Attributes are named as {@code tollgate.tenant}, which is looked for on the span or data
 * point and then on its resource, as {@code resource:tollgate.tenant} or {@code span:tollgate.tenant}, which is looked for
 * only there. Of several names the first that is there counts.
 *
 * @param source names of the attributes that, joined by slashes behind {@code otlp:}, are an event's source. They must not
 *     change when the same span is sent again
 * @param tenant without it nothing can be billed
 * @param project the tenant's own subdivision
 * @param region where it was served, not where the caller runs
 * @param acceleratorType what it was served on
 * @param serviceTier looked up in {@code serviceTiers}
 * @param tags name of the tag to names of attributes
 * @param providers of the conventions to those of the price books; others stay as they are
 * @param operations of the conventions to ours; others stay as they are, so that the policy keeps out what it does not know
 * @param serviceTiers of vendors to ours; others stay as they are
 * @param wrappers operations whose spans tell again what the spans within them tell
 * @param metrics what becomes of {@code gen_ai.client.token.usage}
 */
public record OtlpMapping(
        List<String> source,
        List<String> tenant,
        List<String> project,
        List<String> region,
        List<String> acceleratorType,
        List<String> serviceTier,
        Map<String, List<String>> tags,
        Map<String, String> providers,
        Map<String, String> operations,
        Map<String, String> serviceTiers,
        Set<String> wrappers,
        MetricsUse metrics) {

    /** What becomes of {@code gen_ai.client.token.usage}. */
    public enum MetricsUse {
        /** Nothing: spans tell the same, and more. */
        IGNORED,
        /** Events, for sources that send no spans. Who sends both is billed twice. */
        USAGE
    }

    /** Attributes of our own under {@code tollgate.}, and the names of conventions 1.41 and before. */
    public static final OtlpMapping DEFAULT = new OtlpMapping(
            List.of("resource:service.namespace", "resource:service.name"),
            List.of("tollgate.tenant"),
            List.of("tollgate.project"),
            List.of("tollgate.region"),
            List.of("tollgate.accelerator_type"),
            List.of(
                    "tollgate.service_tier",
                    "span:openai.response.service_tier",
                    "span:gen_ai.openai.response.service_tier",
                    "span:openai.request.service_tier",
                    "span:gen_ai.openai.request.service_tier"),
            Map.of(
                    "team", List.of("tollgate.team"),
                    "cost_center", List.of("tollgate.cost_center"),
                    "environment", List.of("tollgate.environment")),
            Map.ofEntries(
                    Map.entry("azure.ai.openai", "openai"),
                    Map.entry("az.ai.openai", "openai"),
                    Map.entry("gcp.gemini", "google"),
                    Map.entry("gcp.gen_ai", "google"),
                    Map.entry("gcp.vertex_ai", "google"),
                    Map.entry("gemini", "google"),
                    Map.entry("vertex_ai", "google"),
                    Map.entry("mistral_ai", "mistral"),
                    Map.entry("x_ai", "xai")),
            Map.of(
                    "chat", "chat",
                    "generate_content", "chat",
                    "text_completion", "completion",
                    "embeddings", "embedding",
                    "retrieval", "search"),
            Map.of(
                    "default", "standard",
                    "auto", "standard",
                    "scale", "provisioned"),
            Set.of("create_agent", "invoke_agent", "invoke_workflow", "execute_tool"),
            MetricsUse.IGNORED);

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    public OtlpMapping {
        source = List.copyOf(source);
        tenant = List.copyOf(tenant);
        project = List.copyOf(project);
        region = List.copyOf(region);
        acceleratorType = List.copyOf(acceleratorType);
        serviceTier = List.copyOf(serviceTier);
        tags = Map.copyOf(tags);
        providers = Map.copyOf(providers);
        operations = Map.copyOf(operations);
        serviceTiers = Map.copyOf(serviceTiers);
        wrappers = Set.copyOf(wrappers);
    }

    public OtlpMapping withMetrics(MetricsUse use) {
        return new OtlpMapping(
                source,
                tenant,
                project,
                region,
                acceleratorType,
                serviceTier,
                tags,
                providers,
                operations,
                serviceTiers,
                wrappers,
                use);
    }

    /**
     * Reads a mapping in YAML or JSON, whose members are this record's. What it leaves out is as in {@link #DEFAULT}; a
     * list takes the default's place, and a map's entries are added to the default's.
     *
     * @throws IllegalArgumentException with a sentence, if it is none
     */
    public static OtlpMapping parse(String yaml) {
        try {
            JsonNode given = new YAMLMapper().readTree(yaml);
            if (!given.isObject()) {
                throw new IllegalArgumentException("The mapping is no object with members such as tenant and tags.");
            }
            ObjectNode whole = JSON.valueToTree(DEFAULT);
            given.properties().forEach(member -> {
                if (!whole.has(member.getKey())) {
                    throw new IllegalArgumentException("The mapping has no member "
                            + Fault.shown(member.getKey()) + "; it has "
                            + String.join(", ", (Iterable<String>) whole::fieldNames) + ".");
                }
                if (whole.get(member.getKey()) instanceof ObjectNode entries
                        && member.getValue() instanceof ObjectNode more) {
                    entries.setAll(more);
                } else {
                    whole.set(member.getKey(), member.getValue());
                }
            });
            return JSON.treeToValue(whole, OtlpMapping.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The mapping cannot be read: " + e.getOriginalMessage(), e);
        }
    }
}
