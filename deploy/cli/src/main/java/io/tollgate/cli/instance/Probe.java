package io.tollgate.cli.instance;

import io.tollgate.cli.ExitCode;
import io.tollgate.cli.Sentence;
import io.tollgate.cli.UserException;
import io.tollgate.connection.ClickHouseUrl;
import io.tollgate.invoicing.connection.ConnectionUrl;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** Asks parts that somebody else runs whether they are there, before anything is started that needs them. */
final class Probe {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int HTTP_OK = 200;

    private Probe() {}

    /** @throws UserException when one does not answer within some five seconds, or does not let us in */
    static void externalParts(InstanceOptions options) {
        options.kafka().ifPresent(Probe::kafka);
        options.clickhouseUrl().ifPresent(Probe::clickHouse);
        options.postgresUrl().ifPresent(Probe::postgres);
    }

    private static void kafka(String address) {
        Map<String, Object> settings = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                address,
                AdminClientConfig.CLIENT_ID_CONFIG,
                "tollgate-probe",
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis(),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis());
        try (Admin admin = Admin.create(settings)) {
            admin.describeCluster().nodes().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("Kafka", address, "interrupted", "--kafka");
        } catch (Exception e) {
            throw unavailable("Kafka", address, Sentence.of(e), "--kafka");
        }
    }

    private static void clickHouse(String text) {
        ClickHouseUrl url = ClickHouseUrl.parse(text);
        String login = Base64.getEncoder()
                .encodeToString((url.user() + ":" + url.password()).getBytes(StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(URI.create(url.endpoint() + "/"))
                .timeout(PATIENCE)
                .header("Authorization", "Basic " + login)
                .POST(BodyPublishers.ofString("SELECT 1"))
                .build();
        try {
            HttpResponse<String> answer =
                    HttpClient.newBuilder().connectTimeout(PATIENCE).build().send(request, BodyHandlers.ofString());
            if (answer.statusCode() == 401 || answer.statusCode() == 403) {
                throw unavailable(
                        "ClickHouse", url.endpoint(), "it does not let user " + url.user() + " in", "--clickhouse-url");
            }
            if (answer.statusCode() != HTTP_OK || !answer.body().strip().equals("1")) {
                throw unavailable(
                        "ClickHouse",
                        url.endpoint(),
                        "something else answers there (HTTP status " + answer.statusCode() + ")",
                        "--clickhouse-url");
            }
        } catch (IOException e) {
            throw unavailable("ClickHouse", url.endpoint(), Sentence.of(e), "--clickhouse-url");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("ClickHouse", url.endpoint(), "interrupted", "--clickhouse-url");
        }
    }

    private static void postgres(String text) {
        ConnectionUrl url = ConnectionUrl.postgres(text);
        Properties properties = new Properties();
        url.user().ifPresent(user -> properties.setProperty("user", user));
        url.password().ifPresent(password -> properties.setProperty("password", password));
        for (String timeout : new String[] {"loginTimeout", "connectTimeout", "socketTimeout"}) {
            properties.setProperty(timeout, String.valueOf(PATIENCE.toSeconds()));
        }
        try (Connection connection = DriverManager.getConnection(url.jdbcUrl(), properties)) {
            connection.isValid((int) PATIENCE.toSeconds());
        } catch (SQLException e) {
            throw unavailable("PostgreSQL", Addresses.masked(text), Sentence.of(e), "--postgres-url");
        }
    }

    private static UserException unavailable(String part, String address, String why, String option) {
        return new UserException(
                ExitCode.UNAVAILABLE,
                "%s at %s cannot be used: %s".formatted(part, address, why),
                "start it, or correct " + option + ", or leave that out to have one started");
    }
}
