package io.tollgate.invoicing.focus;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Currency;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The check functions of the model. */
final class FocusChecks {

    static final Set<String> FUNCTIONS = Set.of(
            "OR",
            "AND",
            "ColumnPresent",
            "CheckDistinctCount",
            "FormatKeyValue",
            "CheckValue",
            "CheckNotValue",
            "CheckNotSameValue",
            "CheckSameValue",
            "CheckDecimalValue",
            "CheckGreaterOrEqualThanValue",
            "CheckModelRule",
            "CheckNationalCurrency",
            "TypeDecimal",
            "TypeString",
            "FormatDateTime",
            "FormatNumeric",
            "FormatString",
            "FormatUnit",
            "FormatCurrency",
            "ColumnByColumnEqualsColumnValue",
            "TypeDateTime");

    /** @param broken indexes of rows; -1 for the table */
    record Outcome(int checked, Set<Integer> broken) {}

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final String NUMBER = "-?(0|[1-9][0-9]*)(\\.[0-9]+)?(E-?[0-9]+)?";
    private static final String DATA = "[KMGTPE]?i?[bB]";
    private static final String WORD = "(" + DATA + "|[A-Z][A-Za-z]*)";
    private static final String UNIT = "([1-9][0-9]* )?" + WORD + "(-" + WORD + ")?(/([1-9][0-9]* )?" + WORD + ")?";

    private final FocusTable table;

    FocusChecks(FocusTable table) {
        this.table = table;
    }

    /** Whether a condition is met: a null is not equal to any value, and so it is unequal to each. */
    boolean isMet(JsonNode condition, Map<String, String> row) {
        if (condition.isEmpty()) {
            return true;
        }
        return holds(normal(condition), row).orElse(false);
    }

    Outcome check(JsonNode requirement, Set<Integer> rows) {
        String function = requirement.get("CheckFunction").asText();
        return switch (function) {
            case "ColumnPresent" ->
                new Outcome(1, table.types().containsKey(column(requirement)) ? Set.of() : Set.of(-1));
            case "TypeString" -> type(requirement, "String");
            case "TypeDecimal" -> type(requirement, "Decimal");
            case "TypeDateTime" -> type(requirement, "DateTime");
            case "CheckDistinctCount" -> distinct(requirement, rows);
            default -> rowByRow(requirement, rows);
        };
    }

    private Outcome type(JsonNode requirement, String type) {
        String declared = table.types().get(column(requirement));
        return declared == null
                ? new Outcome(0, Set.of())
                : new Outcome(1, declared.equals(type) ? Set.of() : Set.of(-1));
    }

    private Outcome rowByRow(JsonNode requirement, Set<Integer> rows) {
        int checked = 0;
        Set<Integer> broken = new HashSet<>();
        for (int index : rows) {
            Optional<Boolean> holds = mentionsAbsent(requirement)
                    ? Optional.empty()
                    : holds(requirement, table.rows().get(index));
            checked += holds.isPresent() ? 1 : 0;
            if (holds.isPresent() && !holds.get()) {
                broken.add(index);
            }
        }
        return new Outcome(checked, broken);
    }

    /** Of columns that are not there their presence is a rule of its own. */
    private boolean mentionsAbsent(JsonNode requirement) {
        return requirement.has("ColumnName") && !table.types().containsKey(column(requirement));
    }

    private Outcome distinct(JsonNode requirement, Set<Integer> rows) {
        Map<String, Set<String>> of = new HashMap<>();
        for (int index : rows) {
            Map<String, String> row = table.rows().get(index);
            String key = row.get(requirement.get("ColumnAName").asText());
            if (key != null) {
                of.computeIfAbsent(key, none -> new TreeSet<>())
                        .add(row.getOrDefault(requirement.get("ColumnBName").asText(), ""));
            }
        }
        int expected = requirement.get("ExpectedCount").asInt();
        boolean broken = of.values().stream().anyMatch(values -> values.size() != expected);
        return new Outcome(of.size(), broken ? Set.of(-1) : Set.of());
    }

    /** Empty where there is no value to say something about. */
    private Optional<Boolean> holds(JsonNode check, Map<String, String> row) {
        String function = check.get("CheckFunction").asText();
        return switch (function) {
            case "AND" -> all(check, row, false);
            case "OR" -> all(check, row, true);
            case "CheckValue" -> isValue(check, row);
            case "CheckNotValue" -> Optional.of(!isValue(check, row).orElse(false));
            case "CheckSameValue" -> same(check, row);
            case "CheckNotSameValue" -> same(check, row).map(equal -> !equal);
            case "CheckGreaterOrEqualThanValue" ->
                number(row, column(check))
                        .map(number -> number.compareTo(check.get("Value").decimalValue()) >= 0);
            case "ColumnByColumnEqualsColumnValue" -> product(check, row);
            case "CheckDecimalValue", "FormatNumeric" -> value(check, row).map(text -> text.matches(NUMBER));
            case "FormatDateTime" -> value(check, row).map(FocusChecks::isTime);
            case "FormatString" -> value(check, row).map(text -> !text.isBlank());
            case "FormatUnit" -> value(check, row).map(text -> text.matches(UNIT));
            case "FormatCurrency", "CheckNationalCurrency" -> value(check, row).map(FocusChecks::isCurrency);
            case "FormatKeyValue" -> value(check, row).map(FocusChecks::isPairs);
            default -> throw new IllegalStateException("no check of a row: " + function);
        };
    }

    /** In the logic of three values: what is unknown breaks nothing, and holds nothing. */
    private Optional<Boolean> all(JsonNode check, Map<String, String> row, boolean any) {
        boolean unknown = false;
        for (JsonNode item : check.get("Items")) {
            Optional<Boolean> holds = holds(item, row);
            if (holds.isPresent() && holds.get() == any) {
                return holds;
            }
            unknown |= holds.isEmpty();
        }
        return unknown ? Optional.empty() : Optional.of(!any);
    }

    private static Optional<Boolean> isValue(JsonNode check, Map<String, String> row) {
        Optional<String> text = value(check, row);
        JsonNode wanted = check.get("Value");
        if (wanted.isNull()) {
            return Optional.of(text.isEmpty());
        }
        return text.map(value -> wanted.isNumber()
                ? new BigDecimal(value).compareTo(wanted.decimalValue()) == 0
                : value.equals(wanted.asText()));
    }

    private static Optional<Boolean> same(JsonNode check, Map<String, String> row) {
        Optional<String> one =
                Optional.ofNullable(row.get(check.get("ColumnAName").asText()));
        return one.flatMap(value ->
                Optional.ofNullable(row.get(check.get("ColumnBName").asText())).map(value::equals));
    }

    private static Optional<Boolean> product(JsonNode check, Map<String, String> row) {
        Optional<BigDecimal> a = number(row, check.get("ColumnAName").asText());
        Optional<BigDecimal> b = number(row, check.get("ColumnBName").asText());
        Optional<BigDecimal> result = number(row, check.get("ResultColumnName").asText());
        return a.flatMap(one ->
                b.flatMap(other -> result.map(product -> one.multiply(other).compareTo(product) == 0)));
    }

    /** The model writes a condition in two other ways, too. */
    private static JsonNode normal(JsonNode condition) {
        if (condition.has("CheckFunction")) {
            return condition;
        }
        JsonNode and = condition.get("AND");
        if (and == null) {
            throw new IllegalStateException("a condition of an unknown form: " + condition);
        }
        return JSON.createObjectNode()
                .put("CheckFunction", "AND")
                .set("Items", and.isArray() ? and : JSON.createArrayNode().add(and));
    }

    /** Two rules name their column by another member. */
    private static String column(JsonNode check) {
        return (check.has("ColumnName") ? check.get("ColumnName") : check.get("CheckCondition")).asText();
    }

    private static Optional<String> value(JsonNode check, Map<String, String> row) {
        return Optional.ofNullable(row.get(column(check)));
    }

    /** What is none breaks the rule of its format, and is told there. */
    private static Optional<BigDecimal> number(Map<String, String> row, String column) {
        return Optional.ofNullable(row.get(column))
                .filter(text -> text.matches(NUMBER))
                .map(BigDecimal::new);
    }

    private static boolean isTime(String text) {
        try {
            Instant.parse(text);
            return text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?Z");
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static boolean isCurrency(String text) {
        return Currency.getAvailableCurrencies().stream()
                .anyMatch(currency -> currency.getCurrencyCode().equals(text));
    }

    private static boolean isPairs(String text) {
        try {
            JsonNode object = JSON.readTree(text);
            return object.isObject()
                    && object.properties().stream()
                            .allMatch(each -> each.getValue().isValueNode());
        } catch (JsonProcessingException e) {
            return false;
        }
    }
}
