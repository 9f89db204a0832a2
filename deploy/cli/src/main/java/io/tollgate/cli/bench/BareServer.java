package io.tollgate.cli.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/** Jetty with one handler that answers 200 when the body was dealt with: what no HTTP service on Jetty can be faster than. */
final class BareServer implements AutoCloseable {

    private final Server server;
    private final URI uri;

    private BareServer(Server server, URI uri) {
        this.server = server;
        this.uri = uri;
    }

    /** Only reads the body to its end. */
    static BareServer reading() {
        return start(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                response.setStatus(200);
                Content.Source.consumeAll(request, callback);
                return true;
            }
        });
    }

    /** Reads the body and does something with it. */
    static BareServer doing(Consumer<byte[]> work) {
        return start(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws IOException {
                try (InputStream body = Content.Source.asInputStream(request)) {
                    work.accept(body.readAllBytes());
                }
                response.setStatus(200);
                callback.succeeded();
                return true;
            }
        });
    }

    private static BareServer start(Handler handler) {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        // Connections outlive the turns of the other.
        connector.setIdleTimeout(Duration.ofMinutes(10).toMillis());
        server.addConnector(connector);
        server.setHandler(handler);
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
