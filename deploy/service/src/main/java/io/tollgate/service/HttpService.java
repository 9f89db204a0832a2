package io.tollgate.service;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.health.HealthCheck;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Dropwizard service that runs inside this JVM, beside others: an application port and an admin port
 * ({@code /health}, {@code /health/live}, {@code /metrics}). It leaves logging as it is, never ends the JVM, and is not
 * stopped by the JVM's end: whoever starts it closes it.
 */
public final class HttpService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpService.class);

    private final String name;
    private final Server server;
    private final URI applicationUri;
    private final URI adminUri;

    private HttpService(String name, Server server, URI applicationUri, URI adminUri) {
        this.name = name;
        this.server = server;
        this.applicationUri = applicationUri;
        this.adminUri = adminUri;
    }

    /** Begins the description of a service; the name is short and lower case, and stands in logs and thread names. */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** The base address of the API, such as {@code http://127.0.0.1:8080}, without a slash at the end. */
    public URI applicationUri() {
        return applicationUri;
    }

    /** The base address of health and metrics. */
    public URI adminUri() {
        return adminUri;
    }

    /** The bound application port: the wanted one, or another if that was taken. */
    public int port() {
        return applicationUri.getPort();
    }

    /** The bound admin port. */
    public int adminPort() {
        return adminUri.getPort();
    }

    /** Refuses new requests, lets running ones end, for five seconds at most. Idempotent. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            // Everything was told to stop; a request that would not is cut off, and the caller has its own to close.
            LOG.warn("service {} did not stop cleanly", name, e);
        }
    }

    /** Describes a service; every part has a default but the title, the tokens and the resources. */
    public static final class Builder {

        static final long MAX_BODY_BYTES = 1L << 20;

        final String name;
        String title;
        String version = Optional.ofNullable(HttpService.class.getPackage().getImplementationVersion())
                .orElse("development");
        String description = "";
        ListenOn listenOn = ListenOn.anyPort();
        Optional<Tokens> tokens = Optional.empty();
        TokenSource furtherTokens = token -> Optional.empty();
        MetricRegistry metrics = new MetricRegistry();
        JsonMapper json = ServiceJson.strict();
        long maxBodyBytes = MAX_BODY_BYTES;
        boolean anyNameInPaths;
        SlowestBody slowestBody = SlowestBody.USUAL;
        final Map<Integer, String> everywhere = new TreeMap<>();
        final List<Object> resources = new ArrayList<>();
        final List<Object> components = new ArrayList<>();
        final Map<String, HealthCheck> healthChecks = new LinkedHashMap<>();
        final Map<String, HealthCheck> liveChecks = new LinkedHashMap<>();

        private Builder(String name) {
            this.name = name;
            this.title = name;
        }

        /** The API's title and version in its OpenAPI document. */
        public Builder api(String newTitle, String newVersion, String newDescription) {
            this.title = newTitle;
            this.version = newVersion;
            this.description = newDescription;
            return this;
        }

        public Builder listenOn(ListenOn where) {
            this.listenOn = where;
            return this;
        }

        /** Whose tokens are taken. Needed unless every resource is {@link NoToken}. */
        public Builder tokens(Tokens accepted) {
            this.tokens = Optional.of(accepted);
            return this;
        }

        /**
         * Who knows further tokens, such as those of tenants; by default nobody. Whose a token is is remembered for five
         * seconds, so one that is revoked is taken for that long at most.
         */
        public Builder furtherTokens(TokenSource source) {
            this.furtherTokens = source;
            return this;
        }

        /** The registry that the service's own metrics are in already; by default an empty one. */
        public Builder metrics(MetricRegistry registry) {
            this.metrics = registry;
            return this;
        }

        /** The JSON of requests and answers; by default {@link ServiceJson#strict()}. */
        public Builder json(JsonMapper mapper) {
            this.json = mapper;
            return this;
        }

        /** How many bytes a request's body may have, unpacked; by default one mebibyte. */
        public Builder maxBodyBytes(long bytes) {
            this.maxBodyBytes = bytes;
            return this;
        }

        /** How slowly a request's body may come before it is answered 408; by default {@link SlowestBody#USUAL}. */
        public Builder slowestBody(SlowestBody slowest) {
            this.slowestBody = slowest;
            return this;
        }

        /**
         * Takes encoded slashes, backslashes and percent signs in a path ({@code %2F}, {@code %5C}, {@code %25}) for what
         * they are, signs of a name; by default such a path is refused, because not every proxy passes it on as it is.
         */
        public Builder anyNameInPaths() {
            this.anyNameInPaths = true;
            return this;
        }

        /** A problem that every operation may end in, for the OpenAPI document; the frame's own are in it already. */
        public Builder problemEverywhere(int status, String apiDescription) {
            everywhere.put(status, apiDescription);
            return this;
        }

        /** Adds a JAX-RS resource, which also goes into the OpenAPI document. */
        public Builder resource(Object resource) {
            resources.add(resource);
            return this;
        }

        /** Adds a JAX-RS filter, reader, writer or exception mapper. */
        public Builder component(Object component) {
            components.add(component);
            return this;
        }

        /** Adds a check of {@code /health}: whether the service does its work now. */
        public Builder healthCheck(String checkName, HealthCheck check) {
            healthChecks.put(checkName, check);
            return this;
        }

        /**
         * Adds a check of {@code /health/live}: whether the process is worth keeping. It fails only when nothing but a
         * restart can help; without checks, whoever answers is alive.
         */
        public Builder liveCheck(String checkName, HealthCheck check) {
            liveChecks.put(checkName, check);
            return this;
        }

        /**
         * Starts the service. When a wanted port is taken, a free one is chosen.
         *
         * @throws IllegalStateException when a resource is at fault, or no port can be bound at all
         */
        public HttpService start() {
            Server server = ServerAssembly.build(this);
            try {
                URI application = bind(server, "application");
                URI admin = bind(server, "admin");
                server.start();
                LOG.info("service {} listens on {}, admin on {}", name, application, admin);
                return new HttpService(name, server, application, admin);
            } catch (Exception e) {
                stop(server, e);
                throw new IllegalStateException("service " + name + " cannot start: " + root(e).getMessage(), e);
            }
        }

        /** Jersey and Jetty wrap what went wrong several times, in words about themselves. */
        private static Throwable root(Throwable failure) {
            Throwable root = failure;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            return root;
        }

        private URI bind(Server server, String connectorName) {
            for (Connector each : server.getConnectors()) {
                if (each instanceof ServerConnector connector && connectorName.equals(connector.getName())) {
                    open(connector);
                    String host = listenOn.host();
                    // A wildcard is no address to call.
                    String callable = host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
                    String shown = callable.contains(":") ? "[" + callable + "]" : callable;
                    return URI.create("http://" + shown + ":" + connector.getLocalPort());
                }
            }
            throw new IllegalStateException("the server has no " + connectorName + " port");
        }

        private void open(ServerConnector connector) {
            int wanted = connector.getPort();
            try {
                try {
                    connector.open();
                } catch (IOException e) {
                    if (wanted == 0 || !(e instanceof BindException || e.getCause() instanceof BindException)) {
                        throw e;
                    }
                    LOG.info("service {}: port {} is taken, a free one is chosen", name, wanted);
                    connector.setPort(0);
                    connector.open();
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot bind " + listenOn.host() + ":" + wanted, e);
            }
        }

        private static void stop(Server server, Exception cause) {
            try {
                server.stop();
                for (Connector connector : server.getConnectors()) {
                    if (connector instanceof ServerConnector opened) {
                        opened.close();
                    }
                }
            } catch (Exception e) {
                cause.addSuppressed(e);
            }
        }
    }
}
