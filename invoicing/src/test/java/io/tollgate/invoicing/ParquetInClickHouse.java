package io.tollgate.invoicing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tollgate.parts.TestParts;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Parquet files as another engine reads them, which shares no code with what writes ours. */
final class ParquetInClickHouse {

    private final URI url = URI.create(TestParts.freshClickHouseDatabase());

    /**
     * Rows in any order, without what is null.
     *
     * @param types by column: {@code String}, {@code Decimal} or {@code DateTime}
     */
    List<Map<String, Object>> read(Map<String, String> types, byte[] file) throws IOException, InterruptedException {
        String columns = types.entrySet().stream()
                .map(column -> "`" + column.getKey() + "` Nullable("
                        + switch (column.getValue()) {
                            case "Decimal" -> "Decimal(76, 36)";
                            case "DateTime" -> "DateTime64(3, 'UTC')";
                            default -> "String";
                        }
                        + ")")
                .collect(Collectors.joining(", ", "(", ")"));
        ask("CREATE TABLE focus " + columns + " ENGINE = Memory", new byte[0]);
        ask("INSERT INTO focus FORMAT Parquet", file);
        String lines = ask(
                "SELECT * FROM focus FORMAT JSONEachRow SETTINGS output_format_json_quote_decimals = 1,"
                        + " date_time_output_format = 'iso'",
                new byte[0]);
        List<Map<String, Object>> rows = new ArrayList<>();
        for (String line : lines.lines().toList()) {
            Map<String, Object> row = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> cell :
                    JsonMapper.builder().build().readTree(line).properties()) {
                if (!cell.getValue().isNull()) {
                    row.put(
                            cell.getKey(),
                            value(
                                    types.getOrDefault(cell.getKey(), ""),
                                    cell.getValue().asText()));
                }
            }
            rows.add(row);
        }
        return rows;
    }

    private static Object value(String type, String text) {
        return switch (type) {
            case "Decimal" -> new BigDecimal(text).stripTrailingZeros();
            case "DateTime" -> Instant.parse(text);
            default -> text;
        };
    }

    private String ask(String query, byte[] body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://" + url.getHost() + ":" + url.getPort() + "/?database="
                                + url.getPath().substring(1) + "&query="
                                + URLEncoder.encode(query, StandardCharsets.UTF_8)))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (url.getUserInfo() != null) {
            request.header(
                    "Authorization",
                    "Basic "
                            + Base64.getEncoder()
                                    .encodeToString(url.getUserInfo().getBytes(StandardCharsets.UTF_8)));
        }
        HttpResponse<String> answer =
                HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new AssertionError(query + ": " + answer.body());
        }
        return answer.body();
    }
}
