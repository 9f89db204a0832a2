package io.tollgate.invoicing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.invoicing.spend.Granularity;
import io.tollgate.parts.TestParts;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The document that a client is written from. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiIT {

    /** Where somebody else laid down what errors look like. */
    private static final Map<String, String> VENDORS_ERRORS = Map.of(
            "getOrganizationUsage", "OpenAiError",
            "getOrganizationCosts", "OpenAiError",
            "getMessagesUsageReport", "AnthropicError",
            "getCostReport", "AnthropicError");

    private static final Set<String> MAKING = Set.of("createBudget", "createWebhookEndpoint", "createTenantToken");

    private RunningService running;
    private JsonNode document;

    @BeforeAll
    void start() {
        running = new RunningService(TestParts.clickhouse());
        document = running.finance.json("/openapi.json");
    }

    @AfterAll
    void stop() {
        running.close();
    }

    private Map<String, JsonNode> operations() {
        Map<String, JsonNode> operations = new TreeMap<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(operation -> assertThat(operations.put(
                                        operation.getValue().path("operationId").asText(), operation.getValue()))
                                .as(path.getKey())
                                .isNull()));
        return operations;
    }

    @Test
    void everyOperationHasAReadableNameOfItsOwn() {
        assertThat(operations())
                .containsOnlyKeys(
                        "listInvoices",
                        "getInvoice",
                        "getInvoiceDocument",
                        "getInvoiceFocus",
                        "getMonthFocus",
                        "getUsageSinceFinal",
                        "finalizeInvoice",
                        "explainLine",
                        "getAccount",
                        "recordPayment",
                        "voidInvoice",
                        "issueNote",
                        "startBillRun",
                        "listBillRuns",
                        "getBillRun",
                        "listBillRunExceptions",
                        "waiveBillRunExceptions",
                        "getSpend",
                        "getUsage",
                        "getSpendForecast",
                        "explainSpend",
                        "listAnomalies",
                        "getAnomaly",
                        "acknowledgeAnomaly",
                        "getAnomalySettings",
                        "putAnomalySettings",
                        "publishPriceBook",
                        "listPriceBooks",
                        "getPriceBook",
                        "publishAllocationRules",
                        "getAllocationRules",
                        "getChargeback",
                        "keepChargeback",
                        "listChargebackRuns",
                        "getChargebackRun",
                        "getChargebackRunDifference",
                        "getChargebackDifference",
                        "getChargebackJournal",
                        "publishContract",
                        "listContracts",
                        "getContract",
                        "putIssuer",
                        "listIssuers",
                        "getIssuer",
                        "retirePriceBook",
                        "getPriceBookDraft",
                        "replacePriceBookDraft",
                        "deletePriceBookDraft",
                        "publishPriceBookDraft",
                        "derivePriceBookDraft",
                        "diffPriceBook",
                        "getPriceBookCoverage",
                        "createSimulation",
                        "createQuote",
                        "createWebhookEndpoint",
                        "listWebhookEndpoints",
                        "getWebhookEndpoint",
                        "replaceWebhookEndpoint",
                        "deleteWebhookEndpoint",
                        "rotateWebhookSecret",
                        "testWebhookEndpoint",
                        "replayWebhooks",
                        "listWebhookDeliveries",
                        "createBudget",
                        "listBudgets",
                        "getBudget",
                        "replaceBudget",
                        "deleteBudget",
                        "checkBudgets",
                        "takeBudgetLease",
                        "getBudgetLease",
                        "renewBudgetLease",
                        "settleBudgetLease",
                        "releaseBudgetLease",
                        "listAlerts",
                        "createTenantToken",
                        "listTenantTokens",
                        "revokeTenantToken",
                        "getOrganizationUsage",
                        "getOrganizationCosts",
                        "getMessagesUsageReport",
                        "getCostReport");
    }

    @Test
    void everyOperationIsDescribedWithItsParametersAndAnswers() {
        operations().forEach((id, operation) -> {
            assertThat(operation.path("summary").asText()).as(id).isNotBlank();
            assertThat(operation.path("parameters")).as(id).allSatisfy(parameter -> {
                assertThat(parameter.path("description").asText()).isNotBlank();
                assertThat(parameter.path("schema")).isNotEmpty();
            });
            assertThat(operation.get("responses").fieldNames())
                    .toIterable()
                    .as(id)
                    .contains(MAKING.contains(id) ? "201" : "200", "400", "401", "403", "500", "503");
            for (Map.Entry<String, JsonNode> answer : operation.get("responses").properties()) {
                boolean good = answer.getKey().startsWith("2");
                if (answer.getKey().equals("304")) {
                    continue;
                }
                if (good && (id.equals("getInvoiceFocus") || id.equals("getMonthFocus"))) {
                    assertThat(answer.getValue().path("content").fieldNames())
                            .toIterable()
                            .containsExactly("text/csv", "application/vnd.apache.parquet");
                    continue;
                }
                if (good && id.equals("getInvoiceDocument")) {
                    assertThat(answer.getValue().path("content").fieldNames())
                            .toIterable()
                            .containsExactly("application/pdf", "application/xml", "text/csv");
                    continue;
                }
                String error = VENDORS_ERRORS.getOrDefault(id, "Problem");
                String schema = answer.getValue()
                        .path("content")
                        .path(good || !error.equals("Problem") ? "application/json" : "application/problem+json")
                        .path("schema")
                        .path("$ref")
                        .asText();
                assertThat(schema).as(id + " " + answer.getKey()).startsWith("#/components/schemas/");
                assertThat(schema.endsWith("/" + error))
                        .as(id + " " + answer.getKey())
                        .isEqualTo(!good);
                assertThat(document.at(schema.substring(1)).path("required"))
                        .as(schema)
                        .isNotEmpty();
            }
        });
        assertThat(operation("finalizeInvoice").get("responses").fieldNames())
                .toIterable()
                .contains("404", "409");
        assertThat(operation("publishPriceBook").get("responses").fieldNames())
                .toIterable()
                .contains("201", "413", "415", "422");
        assertThat(operation("publishPriceBook")
                        .at("/requestBody/content/application~1json/schema/$ref")
                        .asText())
                .isEqualTo("#/components/schemas/PriceBook");
    }

    @Test
    void whatAParameterMayBeIsWhatTheServiceTakes() {
        assertThat(parameter("getSpend", "from").get("required").asBoolean()).isTrue();
        assertThat(parameter("getSpend", "to").get("required").asBoolean()).isTrue();
        assertThat(parameter("getSpend", "granularity").at("/schema/enum"))
                .extracting(JsonNode::asText)
                .containsExactlyElementsOf(Arrays.stream(Granularity.values())
                        .map(Granularity::label)
                        .toList());
        assertThat(parameter("listInvoices", "status").at("/schema/enum"))
                .extracting(JsonNode::asText)
                .containsExactly("all", "draft", "final");
        JsonNode limit = parameter("listInvoices", "limit").get("schema");
        assertThat(limit.get("type").asText()).isEqualTo("integer");
        assertThat(limit.get("minimum").asInt()).isEqualTo(1);
        assertThat(limit.get("maximum").asInt()).isEqualTo(500);
    }

    @Test
    void theAnswersSchemasAreThoseOfTheAnswers() {
        JsonNode schemas = document.at("/components/schemas");
        assertThat(schemas.at("/Invoice/properties/lines/items/$ref").asText())
                .isEqualTo("#/components/schemas/InvoiceLine");
        assertThat(schemas.at("/Invoice/required"))
                .extracting(JsonNode::asText)
                .contains("id", "total", "lines")
                .doesNotContain("asOf", "finalisedAt");
        assertThat(schemas.at("/InvoiceLine/properties").properties()).hasSize(26);
        assertThat(schemas.at("/InvoicePage/required"))
                .extracting(JsonNode::asText)
                .containsExactly("invoices");
        assertThat(schemas.at("/PriceBook/required"))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrder("name", "currency", "effectiveFrom", "cards");
        assertThat(schemas.at("/RateCard/properties/prices/additionalProperties/$ref")
                        .asText())
                .isEqualTo("#/components/schemas/Price");
    }

    private JsonNode operation(String id) {
        return operations().getOrDefault(id, document);
    }

    private JsonNode parameter(String operation, String name) {
        for (JsonNode parameter : operation(operation).path("parameters")) {
            if (parameter.path("name").asText().equals(name)) {
                return parameter;
            }
        }
        throw new AssertionError(operation + " has no parameter " + name);
    }
}
