package io.tollgate.service;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.SerializationConfig;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.media.Schema;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says of a record's schema what the record says: all of its members are required but the optional ones. */
final class RecordSchemas implements ModelConverter {

    @Override
    public @Nullable Schema<?> resolve(
            AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
        if (!chain.hasNext()) {
            return null;
        }
        Schema<?> schema = chain.next().resolve(type, context, chain);
        JavaType java = Json.mapper().constructType(type.getType());
        if (schema == null || java == null || !java.getRawClass().isRecord()) {
            return schema;
        }
        Schema<?> defined = schema.get$ref() == null
                ? schema
                : context.getDefinedModels()
                        .get(schema.get$ref().substring(Components.COMPONENTS_SCHEMAS_REF.length()));
        if (defined != null) {
            defined.setRequired(required(java));
        }
        return schema;
    }

    private static List<String> required(JavaType type) {
        Map<String, String> inJson = new HashMap<>();
        SerializationConfig config = Json.mapper().getSerializationConfig();
        config.introspect(type)
                .findProperties()
                .forEach(property -> inJson.put(property.getInternalName(), property.getName()));
        return Arrays.stream(type.getRawClass().getRecordComponents())
                .filter(component -> component.getType() != Optional.class)
                .map(component -> inJson.getOrDefault(component.getName(), component.getName()))
                .toList();
    }
}
