package io.tollgate.invoicing.delivery;

import io.tollgate.invoicing.webhook.Answer;
import io.tollgate.invoicing.webhook.Endpoint;
import io.tollgate.invoicing.webhook.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * Sends signed events (Standard Webhooks 1.0.0). Follows no redirects, keeps no cookies, uses no proxy, and hangs up on
 * whoever takes too long or says too much.
 */
public final class HttpSender implements AutoCloseable {

    /** What of an answer's body is passed over to keep the connection; it says nothing to us. */
    private static final int PASSED_OVER_BYTES = 16 << 10;

    private static final int ERROR_LENGTH_MAX = 300;
    private static final int RETRY_AFTER_DIGITS_MAX = 9;
    private static final ContentType CLOUD_EVENT =
            ContentType.create("application/cloudevents+json", StandardCharsets.UTF_8);

    private final Targets targets;
    private final CloseableHttpClient client;
    private final ScheduledThreadPoolExecutor watch;
    private final Duration timeout;

    public HttpSender(WebhookConfig config) {
        this.targets = new Targets(config.allowHttp(), config.allowPrivateAddresses());
        this.timeout = config.timeout();
        this.client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(targets)
                        .setMaxConnPerRoute(2 * config.threads())
                        .setMaxConnTotal(2 * config.threads())
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(Timeout.of(config.connectTimeout()))
                                .setSocketTimeout(Timeout.of(config.timeout()))
                                // There are no retries within an attempt, so a connection is looked at before its use.
                                .setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS)
                                .build())
                        .build())
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .setUserAgent("Tollgate")
                .build();
        this.watch = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "webhook-timeouts");
            thread.setDaemon(true);
            return thread;
        });
        watch.setRemoveOnCancelPolicy(true);
    }

    /** Why nothing can be sent to the URL, as far as can be told before it is tried; empty if it can. */
    public Optional<String> refusal(String url) {
        return targets.refusal(url);
    }

    /**
     * Makes one attempt.
     *
     * @param id of the event
     * @param body as it is signed and sent
     */
    public Answer send(Endpoint endpoint, String id, String body, Instant now) {
        Optional<String> refusal = targets.refusal(endpoint.wish().url());
        if (refusal.isPresent()) {
            return Answer.none(refusal.get());
        }
        HttpPost post = new HttpPost(URI.create(endpoint.wish().url()));
        post.setHeader("webhook-id", id);
        post.setHeader("webhook-timestamp", now.getEpochSecond());
        post.setHeader("webhook-signature", Secret.signatures(endpoint.secrets(now), id, now, body));
        post.setEntity(new StringEntity(body, CLOUD_EVENT));
        ScheduledFuture<?> end = watch.schedule(post::cancel, timeout.toMillis(), TimeUnit.MILLISECONDS);
        try (ClassicHttpResponse response =
                client.executeOpen(HttpHost.create(URI.create(endpoint.wish().url())), post, null)) {
            Answer answer = Answer.of(response.getCode(), retryAfter(response));
            passOver(response.getEntity());
            return answer;
        } catch (IOException | RuntimeException e) {
            // Whatever it was, this attempt is over, and the schedule knows what follows.
            return Answer.none(post.isCancelled() ? "no answer within " + timeout : phrase(e));
        } finally {
            end.cancel(false);
        }
    }

    /** Closing what was not read to its end hangs up, so nobody can keep us listening. */
    private static void passOver(HttpEntity body) throws IOException {
        if (body == null) {
            return;
        }
        try (InputStream content = body.getContent()) {
            content.readNBytes(PASSED_OVER_BYTES);
        } catch (IOException e) {
            // The status has been said; that is all that counts.
        }
    }

    private static Optional<Duration> retryAfter(ClassicHttpResponse response) {
        Header header = response.getFirstHeader(HttpHeaders.RETRY_AFTER);
        return header != null && header.getValue().matches("[0-9]{1," + RETRY_AFTER_DIGITS_MAX + "}")
                ? Optional.of(Duration.ofSeconds(Long.parseLong(header.getValue())))
                : Optional.empty();
    }

    private static String phrase(Exception e) {
        String phrase = (e.getClass().getSimpleName() + ": " + e.getMessage()).replaceAll("\\p{Cntrl}", " ");
        return phrase.length() > ERROR_LENGTH_MAX ? phrase.substring(0, ERROR_LENGTH_MAX) : phrase;
    }

    /** Breaks off what is under way. */
    @Override
    public void close() {
        watch.shutdownNow();
        try {
            client.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
