package io.tollgate.service;

import com.codahale.metrics.health.HealthCheck;
import com.codahale.metrics.health.HealthCheckRegistry;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code GET /health} and {@code GET /health/live} of the admin port: one word, and the checks it is made of. 200 when
 * healthy, else 503.
 */
final class HealthServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient HealthCheckRegistry checks;
    private final transient JsonMapper json;

    HealthServlet(HealthCheckRegistry checks, JsonMapper json) {
        this.checks = checks;
        this.json = json;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        SortedMap<String, HealthCheck.Result> results = checks.runHealthChecks();
        boolean healthy = results.values().stream().allMatch(HealthCheck.Result::isHealthy);
        Map<String, Check> shown = new TreeMap<>();
        results.forEach((name, result) ->
                shown.put(name, new Check(word(result.isHealthy()), Optional.ofNullable(result.getMessage()))));
        response.setStatus(healthy ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        response.getOutputStream().write(json.writeValueAsBytes(new Health(word(healthy), shown)));
    }

    private static String word(boolean healthy) {
        return healthy ? "healthy" : "unhealthy";
    }

    record Health(String status, Map<String, Check> checks) {}

    record Check(String status, Optional<String> message) {}
}
