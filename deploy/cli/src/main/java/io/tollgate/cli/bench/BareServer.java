package io.tollgate.cli.bench;

import java.net.URI;
import java.time.Duration;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/** Jetty with one handler that reads the body to its end and answers 200: what no HTTP service on Jetty can be faster than. */
final class BareServer implements AutoCloseable {

    private final Server server;
    private final URI uri;

    private BareServer(Server server, URI uri) {
        this.server = server;
        this.uri = uri;
    }

    static BareServer start() {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        // Connections outlive the turns of the other.
        connector.setIdleTimeout(Duration.ofMinutes(10).toMillis());
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                response.setStatus(200);
                Content.Source.consumeAll(request, callback);
                return true;
            }
        });
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException("Jetty does not start", e);
        }
        return new BareServer(server, URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/"));
    }

    URI uri() {
        return uri;
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("Jetty does not stop", e);
        }
    }
}
