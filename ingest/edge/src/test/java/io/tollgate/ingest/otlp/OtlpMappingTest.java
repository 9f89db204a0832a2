package io.tollgate.ingest.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.ingest.policy.EventPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class OtlpMappingTest {

    @Test
    void whatIsLeftOutIsAsByDefault() {
        assertThat(OtlpMapping.parse("{}")).isEqualTo(OtlpMapping.DEFAULT);
        OtlpMapping mapping = OtlpMapping.parse("metrics: usage\nregion: [cloud.region]\nproviders: {groq: meta}");
        assertThat(mapping.metrics()).isEqualTo(OtlpMapping.MetricsUse.USAGE);
        assertThat(mapping.region()).isEqualTo(List.of("cloud.region"));
        assertThat(mapping.providers()).containsEntry("groq", "meta").containsEntry("x_ai", "xai");
        assertThat(mapping.tenant()).isEqualTo(OtlpMapping.DEFAULT.tenant());
    }

    @Test
    void theDocumentedMappingIsOne() throws IOException {
        String document = Files.readString(Path.of("..", "OTLP.md"));
        String yaml = document.substring(document.indexOf("```yaml\n") + 8, document.lastIndexOf("```"));
        OtlpMapping mapping = OtlpMapping.parse(yaml);
        assertThat(mapping.metrics()).isEqualTo(OtlpMapping.MetricsUse.USAGE);
        assertThat(mapping.source()).isEqualTo(OtlpMapping.DEFAULT.source());
    }

    @Test
    void whatIsNoMappingIsRefusedInASentence() {
        for (String bad : List.of(
                "",
                "[]",
                "tenent: [x]",
                "tenant: {x: y}",
                "tenant: null",
                "tenant: [null]",
                "metrics: perhaps",
                "a: [",
                "tags: {a: b}")) {
            assertThatThrownBy(() -> OtlpMapping.parse(bad))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("The mapping ");
        }
    }

    @Test
    void aMisspeltMemberIsNamed() {
        assertThatThrownBy(() -> OtlpMapping.parse("tenent: [x]"))
                .hasMessageStartingWith("The mapping has no member 'tenent'; it has source, tenant, project,");
    }

    @Test
    void theDefaultsAreWhatThePolicyKnows() {
        assertThat(EventPolicy.OPERATIONS)
                .containsAll(OtlpMapping.DEFAULT.operations().values());
        assertThat(EventPolicy.SERVICE_TIERS)
                .containsAll(OtlpMapping.DEFAULT.serviceTiers().values());
    }
}
