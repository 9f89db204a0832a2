package io.tollgate.service;

import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.jetty.MutableServletContextHandler;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.Duration;
import java.util.List;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.Server;

/** Dropwizard's server on two ports, without banner, request log or exception mappers: we bring our own. */
final class ServerFactory extends DefaultServerFactory {

    /** Dots stay as they are: {@code %2e%2e} would be a way around paths. */
    private static final UriCompliance ANY_NAME = UriCompliance.DEFAULT.with(
            "ANY_NAME",
            Violation.AMBIGUOUS_PATH_SEPARATOR,
            Violation.AMBIGUOUS_PATH_ENCODING,
            Violation.SUSPICIOUS_PATH_CHARACTERS);

    ServerFactory(String host, int port, int adminPort, boolean anyNameInPaths, Duration idle, Duration gracePeriod) {
        HttpConnectorFactory application = connector(host, port);
        application.setIdleTimeout(idle);
        if (anyNameInPaths) {
            application.setUriCompliance(ANY_NAME);
        }
        setApplicationConnectors(List.of(application));
        setAdminConnectors(List.of(connector(host, adminPort)));
        setRegisterDefaultExceptionMappers(false);
        setShutdownGracePeriod(gracePeriod);
        // Thread names are for the logs of whoever embeds the service.
        setEnableThreadNameFilter(false);
        // Answers are packed, but bodies are not unpacked: Gunzip does it.
        getGzipFilterFactory().setBufferSize(DataSize.bytes(0));
    }

    @Override
    protected void printBanner(String name) {
        // Silent: several services start in one JVM, and its owner tells the user about them.
    }

    @Override
    protected void addRequestLog(Server server, String name, MutableServletContextHandler handler) {
        // None: Dropwizard's would write to the console and configure Logback behind its owner's back.
    }

    private static HttpConnectorFactory connector(String host, int port) {
        HttpConnectorFactory connector = new HttpConnectorFactory();
        connector.setBindHost(host);
        connector.setPort(port);
        return connector;
    }
}
