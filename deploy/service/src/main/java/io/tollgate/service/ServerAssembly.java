package io.tollgate.service;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.health.HealthCheckRegistry;
import com.codahale.metrics.jvm.GarbageCollectorMetricSet;
import com.codahale.metrics.jvm.MemoryUsageGaugeSet;
import com.codahale.metrics.jvm.ThreadStatesGaugeSet;
import io.dropwizard.auth.AuthValueFactoryProvider;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jersey.setup.JerseyEnvironment;
import io.dropwizard.jersey.validation.Validators;
import io.dropwizard.util.Duration;
import io.prometheus.metrics.exporter.servlet.jakarta.PrometheusMetricsServlet;
import io.prometheus.metrics.instrumentation.dropwizard.DropwizardExports;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import java.util.Optional;
import java.util.logging.Logger;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.glassfish.jersey.server.ServerRuntime;
import org.glassfish.jersey.server.filter.RolesAllowedDynamicFeature;
import org.jspecify.annotations.Nullable;

/** Puts a described service together, as Dropwizard's own server command would, but without a command line or a file. */
final class ServerAssembly {

    private static final Duration GRACE = Duration.seconds(2);
    private static final long THREADS_STOP_MILLIS = 500;

    /** Held, because the filter goes with it. */
    private static final Logger JERSEY_ANSWERS = Logger.getLogger(ServerRuntime.class.getName() + "$Responder");

    static {
        // A caller that hung up cannot be answered. Jersey logs each as a severe fault, with eighty lines of stack.
        JERSEY_ANSWERS.setFilter(entry -> !isHangUp(entry.getThrown()));
    }

    private ServerAssembly() {}

    private static boolean isHangUp(@Nullable Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof EofException) {
                return true;
            }
        }
        return false;
    }

    static Server build(HttpService.Builder service) {
        Environment environment = new Environment(
                service.name,
                service.json,
                Validators.newValidatorFactory(),
                service.metrics,
                HttpService.class.getClassLoader(),
                new HealthCheckRegistry(),
                new Configuration());
        service.healthChecks.forEach(environment.healthChecks()::register);
        Optional<KnownTokens> known = service.tokens.map(
                own -> new KnownTokens(own, new RememberedTokens(service.furtherTokens, System::nanoTime)));
        addJersey(service, known, environment.jersey());
        addAdmin(environment, service);
        // Before Dropwizard adds its own filter, which refuses methods.
        known.ifPresent(tokens -> environment
                .servlets()
                .addFilter("token-first", new TokenFirst(tokens, service.json))
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*"));

        ServerFactory factory = new ServerFactory(
                service.listenOn.host(),
                service.listenOn.port(),
                service.listenOn.adminPort(),
                service.anyNameInPaths,
                Duration.milliseconds(service.slowestBody.silence().toMillis()),
                GRACE);
        factory.configure(environment);
        // Only the token's filter asks for decoded paths; Jersey matches them as they were sent.
        environment.getApplicationContext().getServletHandler().setDecodeAmbiguousURIs(service.anyNameInPaths);
        JettyProblems problems = new JettyProblems(service.json);
        environment.getApplicationContext().setErrorHandler(problems);
        Server server = factory.build(environment);
        server.setErrorHandler(problems);
        // Whoever started us stops us, in an order that only they know.
        server.setStopAtShutdown(false);
        server.getContainedBeans(QueuedThreadPool.class).forEach(pool -> pool.setStopTimeout(THREADS_STOP_MILLIS));
        return server;
    }

    private static void addJersey(HttpService.Builder service, Optional<KnownTokens> known, JerseyEnvironment jersey) {
        jersey.register(new UnreadBody(service.slowestBody));
        jersey.register(new Gunzip());
        jersey.register(new RequestId());
        jersey.register(new ReservedSigns());
        jersey.register(new ProblemCompletion());
        jersey.register(new BodyLimit.Packed(service.maxBodyBytes));
        jersey.register(new BodyLimit(service.maxBodyBytes));
        ProblemMappers.all().forEach(jersey::register);
        known.ifPresentOrElse(
                tokens -> {
                    jersey.register(new TokenOnEveryMethod(new BearerFilter(tokens)));
                    jersey.register(RolesAllowedDynamicFeature.class);
                    jersey.register(new AuthValueFactoryProvider.Binder<>(Caller.class));
                },
                () -> refuseClosedResources(service));
        service.components.forEach(jersey::register);
        service.resources.forEach(jersey::register);
        jersey.register(new OpenApiResource(OpenApiDocument.of(
                service.title, service.version, service.description, service.everywhere, service.resources)));
    }

    private static void refuseClosedResources(HttpService.Builder service) {
        for (Object resource : service.resources) {
            if (!resource.getClass().isAnnotationPresent(NoToken.class)) {
                throw new IllegalStateException(
                        "service " + service.name + " has no tokens, but " + resource.getClass() + " wants one");
            }
        }
    }

    private static void addAdmin(Environment environment, HttpService.Builder service) {
        MetricRegistry metrics = environment.metrics();
        metrics.registerAll("jvm.memory", new MemoryUsageGaugeSet());
        metrics.registerAll("jvm.gc", new GarbageCollectorMetricSet());
        metrics.registerAll("jvm.threads", new ThreadStatesGaugeSet());
        PrometheusRegistry prometheus = new PrometheusRegistry();
        DropwizardExports.builder()
                .dropwizardRegistry(metrics)
                // Prometheus strips the ending "total": "x.total" and "x" would be one name twice, and the scrape
                // fails.
                .metricFilter((name, metric) -> !name.endsWith(".total"))
                .register(prometheus);
        environment
                .admin()
                .addServlet("prometheus", new PrometheusMetricsServlet(prometheus))
                .addMapping("/metrics");
        environment
                .admin()
                .addServlet("health", new HealthServlet(environment.healthChecks(), service.json))
                .addMapping("/health");
        HealthCheckRegistry liveChecks = new HealthCheckRegistry();
        service.liveChecks.forEach(liveChecks::register);
        environment
                .admin()
                .addServlet("health-live", new HealthServlet(liveChecks, service.json))
                .addMapping("/health/live");
    }
}
