package io.tollgate.service;

import io.swagger.v3.core.util.Json;
import io.swagger.v3.core.util.PrimitiveType;
import io.swagger.v3.jaxrs2.Reader;
import io.swagger.v3.oas.integration.SwaggerConfiguration;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The OpenAPI 3 document of a service, read once from the annotations of its resources. */
final class OpenApiDocument {

    private static final String BEARER = "bearer";
    private static final String PROBLEM = "Problem";

    static {
        // Money and rates are strings on the wire (ServiceJson); the generator would call them numbers.
        PrimitiveType.customExcludedClasses().add(BigDecimal.class.getName());
        PrimitiveType.customClasses().put(BigDecimal.class.getName(), PrimitiveType.STRING);
    }

    private OpenApiDocument() {}

    /** JSON text of the document. */
    static String of(String title, String version, String description, List<Object> resources) {
        OpenAPI base = new OpenAPI()
                .info(new Info().title(title).version(version).description(description))
                .components(new Components()
                        .addSecuritySchemes(
                                BEARER,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer"))
                        .addSchemas(PROBLEM, problemSchema()))
                .addSecurityItem(new SecurityRequirement().addList(BEARER));
        Set<Class<?>> types = new LinkedHashSet<>();
        resources.forEach(resource -> types.add(resource instanceof Class<?> type ? type : resource.getClass()));
        OpenAPI document = new Reader(new SwaggerConfiguration().openAPI(base)).read(types);
        if (document.getPaths() != null) {
            document.getPaths().values().forEach(path -> path.readOperations().forEach(OpenApiDocument::addProblem));
        }
        return Json.pretty(document);
    }

    /** Every operation can end in a problem; said once here and not on every resource. */
    private static void addProblem(Operation operation) {
        if (operation.getResponses() == null) {
            operation.setResponses(new ApiResponses());
        }
        ApiResponses responses = operation.getResponses();
        ApiResponse known = responses.get(ApiResponses.DEFAULT);
        ApiResponse problem = new ApiResponse()
                .description("A problem (RFC 9457); its code is stable.")
                .content(new Content()
                        .addMediaType(
                                Problem.MEDIA_TYPE.toString(),
                                new MediaType().schema(new Schema<>().$ref("#/components/schemas/" + PROBLEM))));
        if (known != null && responses.size() == 1) {
            // The generator's "default response" is what the method returns.
            responses.remove(ApiResponses.DEFAULT);
            responses.addApiResponse("200", known);
            responses.addApiResponse(ApiResponses.DEFAULT, problem);
        } else if (known == null) {
            responses.addApiResponse(ApiResponses.DEFAULT, problem);
        }
    }

    private static Schema<?> problemSchema() {
        Schema<?> schema = new ObjectSchema();
        schema.setRequired(List.of("type", "title", "status", "code", "detail"));
        return schema.description("Problem details (RFC 9457)")
                .addProperty("type", new StringSchema().format("uri-reference"))
                .addProperty("title", new StringSchema())
                .addProperty("status", new IntegerSchema())
                .addProperty("code", new StringSchema().description("stable, snake_case"))
                .addProperty("detail", new StringSchema().description("what is wrong, where, what to do"))
                .addProperty("instance", new StringSchema().description("the path that was called"))
                .addProperty("requestId", new StringSchema().description("under which the service logged it"))
                .additionalProperties(true);
    }
}
