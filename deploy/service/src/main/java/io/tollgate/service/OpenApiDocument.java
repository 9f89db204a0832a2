package io.tollgate.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.core.util.PrimitiveType;
import io.swagger.v3.jaxrs2.Reader;
import io.swagger.v3.oas.integration.SwaggerConfiguration;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The OpenAPI 3 document of a service, read once from the annotations of its resources. */
final class OpenApiDocument {

    private static final String BEARER = "bearer";

    static {
        // Money and rates are strings on the wire (ServiceJson); the generator would call them numbers.
        PrimitiveType.customExcludedClasses().add(BigDecimal.class.getName());
        PrimitiveType.customClasses().put(BigDecimal.class.getName(), PrimitiveType.STRING);
        ModelConverters.getInstance().addConverter(new RecordSchemas());
    }

    private OpenApiDocument() {}

    /**
     * JSON text of the document.
     *
     * @param everywhere answers that every operation may give besides those of the frame: status to description
     * @throws IllegalStateException if a resource leaves open what its callers must know
     */
    static String of(
            String title,
            String version,
            String description,
            Map<Integer, String> everywhere,
            Dialects dialects,
            List<Object> resources) {
        OpenAPI base = new OpenAPI()
                .info(new Info().title(title).version(version).description(description))
                .components(new Components()
                        .addSecuritySchemes(
                                BEARER,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer"))
                        .addSchemas(OpenApiProblems.PROBLEM, OpenApiProblems.schema()))
                .addSecurityItem(new SecurityRequirement().addList(BEARER));
        Set<Class<?>> types = new LinkedHashSet<>();
        resources.forEach(resource -> types.add(resource instanceof Class<?> type ? type : resource.getClass()));
        OpenAPI document = new Reader(new SwaggerConfiguration().openAPI(base)).read(types);
        if (document.getPaths() != null) {
            OpenApiProblems problems = new OpenApiProblems(everywhere);
            document.getPaths()
                    .forEach((path, item) -> item.readOperations().forEach(operation -> {
                        problems.complete(operation, TokenFirst.guards(path), errorSchema(dialects, path));
                        untypeAlternatives(operation);
                    }));
        }
        dialects.dialects()
                .forEach(dialect -> ModelConverters.getInstance()
                        .readAll(dialect.errorType())
                        .forEach(document.getComponents()::addSchemas));
        String json = Json.pretty(document);
        refuseFaults(json);
        return json;
    }

    private static Optional<String> errorSchema(Dialects dialects, String path) {
        return dialects.at(path)
                .map(dialect -> ModelConverters.getInstance()
                        .resolveAsResolvedSchema(new AnnotatedType(dialect.errorType()))
                        .schema
                        .getName());
    }

    /** The generator gives the Java type even to a choice of schemas, none of which may then fit. */
    private static void untypeAlternatives(Operation operation) {
        Stream.ofNullable(operation.getRequestBody())
                .flatMap(body -> body.getContent().values().stream())
                .<Schema<?>>map(MediaType::getSchema)
                .filter(schema -> schema != null && schema.getOneOf() != null)
                .forEach(schema -> {
                    schema.setType(null);
                    schema.setTypes(null);
                });
    }

    private static void refuseFaults(String json) {
        try {
            List<String> faults = OpenApiFaults.of(Json.mapper().readTree(json));
            if (!faults.isEmpty()) {
                throw new IllegalStateException("the OpenAPI document leaves open: " + String.join("; ", faults));
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was written as JSON cannot be read", e);
        }
    }
}
