package io.tollgate.ingest;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;

/** No field, parameter or result of a class is a double or a float. */
final class NoFloatingPoint extends ArchCondition<JavaClass> {

    private static final Set<String> BINARY = Set.of("double", "float", "java.lang.Double", "java.lang.Float");

    NoFloatingPoint() {
        super("hold no double or float");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        type.getFields().forEach(field -> find(field.getRawType(), field.getFullName(), events));
        type.getCodeUnits().forEach(unit -> {
            find(unit.getRawReturnType(), unit.getFullName(), events);
            unit.getRawParameterTypes().forEach(parameter -> find(parameter, unit.getFullName(), events));
        });
    }

    private static void find(JavaClass type, String where, ConditionEvents events) {
        if (BINARY.contains(type.getFullName())) {
            events.add(SimpleConditionEvent.violated(type, where + " is " + type.getFullName()));
        }
    }
}
