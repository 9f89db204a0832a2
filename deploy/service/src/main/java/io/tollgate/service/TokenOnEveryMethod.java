package io.tollgate.service;

import jakarta.annotation.security.DenyAll;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.List;

/**
 * Puts the bearer filter before every resource method but those marked {@link NoToken}, and refuses to start a service
 * with a method that does not say who may call it: what somebody forgot must not stand open.
 */
final class TokenOnEveryMethod implements DynamicFeature {

    private static final List<Class<? extends Annotation>> RULES =
            List.of(RolesAllowed.class, PermitAll.class, DenyAll.class);

    private final BearerFilter filter;

    TokenOnEveryMethod(BearerFilter filter) {
        this.filter = filter;
    }

    @Override
    public void configure(ResourceInfo resource, FeatureContext context) {
        Method method = resource.getResourceMethod();
        Class<?> type = resource.getResourceClass();
        if (has(NoToken.class, method, type)) {
            Path path = type.getAnnotation(Path.class);
            if (path != null && TokenFirst.guards("/" + path.value().replaceFirst("^/", ""))) {
                throw new IllegalStateException(method + " is open to anybody, but stands under " + TokenFirst.GUARDED
                        + ": move one of the two");
            }
            return;
        }
        // Jersey answers OPTIONS by methods of its own, which carry no rule; any token will do for them.
        boolean ours = !method.getDeclaringClass().getName().startsWith("org.glassfish.jersey.");
        if (ours && RULES.stream().noneMatch(rule -> has(rule, method, type))) {
            throw new IllegalStateException(
                    method + " does not say who may call it: add @RolesAllowed, @PermitAll or @NoToken");
        }
        context.register(filter);
    }

    private static boolean has(Class<? extends Annotation> annotation, Method method, Class<?> type) {
        return method.isAnnotationPresent(annotation) || type.isAnnotationPresent(annotation);
    }
}
