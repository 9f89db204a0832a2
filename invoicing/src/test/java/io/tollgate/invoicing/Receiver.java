package io.tollgate.invoicing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tollgate.invoicing.webhook.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Somebody who gets webhooks, over real HTTP, and answers them as a test says. */
public final class Receiver implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PATIENCE_SECONDS = 30;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final LinkedBlockingQueue<Got> queue = new LinkedBlockingQueue<>();
    private final List<Got> all = new CopyOnWriteArrayList<>();

    /** What is answered; it may do anything to the exchange. */
    public interface Behaviour {
        void answer(Got got, HttpExchange exchange) throws IOException;

        static Behaviour status(int status) {
            return (got, exchange) -> exchange.sendResponseHeaders(status, -1);
        }
    }

    /** A message. */
    public record Got(String path, String contentType, String id, long timestamp, String signature, String body) {

        public JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        public String subject() {
            return json().get("subject").asText();
        }

        /** The subject, and the version of a price book. */
        public String what() {
            return subject() + json().at("/data/version").asText();
        }

        /** As a receiver would check it. */
        public boolean isSignedWith(String secret) {
            String right = Secret.signatures(List.of(new Secret(secret)), id, Instant.ofEpochSecond(timestamp), body);
            return Arrays.asList(signature.split(" ")).contains(right);
        }
    }

    public Receiver(Behaviour behaviour) {
        this(0, behaviour);
    }

    /** @param port 0 is any */
    public Receiver(int port, Behaviour behaviour) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                Got got = new Got(
                        exchange.getRequestURI().getPath(),
                        exchange.getRequestHeaders().getFirst("Content-Type"),
                        exchange.getRequestHeaders().getFirst("webhook-id"),
                        Long.parseLong(exchange.getRequestHeaders().getFirst("webhook-timestamp")),
                        exchange.getRequestHeaders().getFirst("webhook-signature"),
                        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                all.add(got);
                queue.add(got);
                behaviour.answer(got, exchange);
            }
        });
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public String url() {
        return "http://127.0.0.1:" + port() + "/hook";
    }

    /** The next message, waiting for it. */
    public Got next() {
        try {
            Got got = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (got == null) {
                throw new AssertionError("nothing came; before that: " + what());
            }
            return got;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** All messages so far, in order. */
    public List<Got> all() {
        return List.copyOf(all);
    }

    /** What they were about, in order. */
    public List<String> what() {
        return all.stream().map(Got::what).toList();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
