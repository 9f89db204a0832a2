package io.tollgate.invoicing.focus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tollgate.invoicing.focus.FocusModel.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The official model, corrected where it contradicts itself, and asked about what Tollgate has. */
public final class CorrectedModel {

    /** What Tollgate has, in the words of the model. */
    public static final Set<String> SUPPORTED = Set.of(
            "ACCOUNT_NAMING_SUPPORTED",
            "CAPACITY_RESERVATION_SUPPORTED",
            "COMMITMENT_DISCOUNT_SUPPORTED",
            "MULTIPLE_PRICING_CATEGORIES_SUPPORTED",
            "NEGOTIATED_PRICING_SUPPORTED",
            "PRICING_BILLING_CURRENCY_DIFFERENCES_SUPPORTED",
            "PUBLIC_PRICE_LIST_SUPPORTED",
            "REGION_SUPPORTED",
            "SUB_ACCOUNT_SUPPORTED",
            "TAGGING_SUPPORTED",
            "UNIT_PRICING_SUPPORTED",
            "USAGE_MEASUREMENT_SUPPORTED");

    /**
     * Rules of the model whose check contradicts their own sentence. The specification wins; what the sentence says is
     * checked instead, below.
     */
    public static final Map<String, String> FAULTS = Map.of(
            "CommitmentDiscountStatus-C-005-M",
            "checks for Active, Expired and Pending; the specification allows Used and Unused",
            "CommitmentDiscountStatus-C-003-C",
            "says MUST be null when CommitmentDiscountId is null, and checks that it is not null",
            "CommitmentDiscountStatus-C-004-C",
            "says MUST NOT be null when CommitmentDiscountId is not null and ChargeCategory is Usage, and checks where"
                    + " CommitmentDiscountId is null");

    private CorrectedModel() {}

    /** What becomes of each static rule. */
    public static Map<String, Verdict> verdicts(FocusTable table) {
        return model().evaluate(table, SUPPORTED);
    }

    /** The rules that a table breaks. */
    public static List<String> broken(FocusTable table) {
        return failing(verdicts(table));
    }

    /** The model, with what its own sentences say where its checks contradict them. */
    private static FocusModel model() {
        JsonNode model = FocusModel.read();
        JsonNode rules = model.get("ModelRules");
        change(
                rules,
                "CommitmentDiscountStatus-C-003-C",
                "Requirement",
                "{'CheckFunction':'CheckValue'," + "'ColumnName':'CommitmentDiscountStatus','Value':null}");
        change(
                rules,
                "CommitmentDiscountStatus-C-004-C",
                "Condition",
                "{'CheckFunction':'AND','Items':["
                        + "{'CheckFunction':'CheckNotValue','ColumnName':'CommitmentDiscountId','Value':null},"
                        + "{'CheckFunction':'CheckValue','ColumnName':'ChargeCategory','Value':'Usage'}]}");
        change(
                rules,
                "CommitmentDiscountStatus-C-005-M",
                "Requirement",
                "{'CheckFunction':'OR','Items':["
                        + "{'CheckFunction':'CheckValue','ColumnName':'CommitmentDiscountStatus','Value':'Used'},"
                        + "{'CheckFunction':'CheckValue','ColumnName':'CommitmentDiscountStatus','Value':'Unused'}]}");
        return new FocusModel(model);
    }

    private static void change(JsonNode rules, String rule, String part, String with) {
        try {
            ((ObjectNode) rules.get(rule).get("ValidationCriteria"))
                    .set(part, JsonMapper.builder().build().readTree(with.replace('\'', '"')));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static List<String> failing(Map<String, Verdict> verdicts) {
        return verdicts.entrySet().stream()
                .filter(each -> each.getValue() == Verdict.FAILS)
                .map(Map.Entry::getKey)
                .toList();
    }
}
