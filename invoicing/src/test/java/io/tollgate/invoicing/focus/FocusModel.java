package io.tollgate.invoicing.focus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/**
 * The official model of FOCUS 1.2: rules that can be checked, each with a requirement and a condition. Composite rules name
 * others, which hold only under the composite's own condition.
 */
public final class FocusModel {

    public static final Path FILE = Path.of("../../shared/data/focus/model-1.2.json.gz");

    /** What became of a rule that is static. */
    public enum Verdict {
        HOLDS,
        /** It is about no row of this export. */
        VACUOUS,
        /** It is about what this provider does not have. */
        NOT_APPLICABLE,
        /** It permits something. */
        PERMISSION,
        FAILS
    }

    /** Rules without others in them are leaves; a composite holds if all of its leaves do. */
    private record Rule(String id, String function, String keyword, String type, Set<String> criteria, JsonNode how) {

        JsonNode requirement() {
            return how.get("Requirement");
        }

        JsonNode condition() {
            return how.get("Condition");
        }

        boolean isStatic() {
            return type.equals("Static");
        }

        boolean isPermission() {
            return keyword.equals("MAY");
        }
    }

    private final Map<String, Rule> rules = new LinkedHashMap<>();

    public FocusModel(JsonNode model) {
        Set<String> functions = new HashSet<>();
        model.get("CheckFunctions").fieldNames().forEachRemaining(functions::add);
        functions.removeAll(FocusChecks.FUNCTIONS);
        if (!functions.isEmpty()) {
            throw new IllegalStateException("check functions of the model that nothing here evaluates: " + functions);
        }
        model.get("ModelRules").properties().forEach(entry -> {
            JsonNode rule = entry.getValue();
            JsonNode how = rule.get("ValidationCriteria");
            Set<String> criteria = new HashSet<>();
            rule.get("ApplicabilityCriteria").forEach(each -> criteria.add(each.asText()));
            rules.put(
                    entry.getKey(),
                    new Rule(
                            entry.getKey(),
                            rule.get("Function").asText(),
                            how.get("Keyword").asText(),
                            rule.get("Type").asText(),
                            criteria,
                            how));
        });
    }

    public static JsonNode read() {
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(FILE))) {
            return JsonMapper.builder().build().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of each static rule, in order of ids. */
    public Map<String, Verdict> evaluate(FocusTable table, Set<String> supported) {
        Evaluation evaluation = new Evaluation(new FocusChecks(table), table, supported);
        evaluation.visit("CostAndUsage-D-000-M", everyRow(table), false);
        Map<String, Verdict> verdicts = new TreeMap<>();
        for (Rule rule : rules.values()) {
            if (rule.isStatic()) {
                verdicts.put(rule.id(), evaluation.verdicts.getOrDefault(rule.id(), unreached(rule, supported)));
            }
        }
        return verdicts;
    }

    /** Attributes are not reached from the data set: the functions that check formats are what they say. */
    private static Verdict unreached(Rule rule, Set<String> supported) {
        return supported.containsAll(rule.criteria()) ? Verdict.VACUOUS : Verdict.NOT_APPLICABLE;
    }

    private static Set<Integer> everyRow(FocusTable table) {
        Set<Integer> rows = new HashSet<>();
        for (int i = 0; i < table.rows().size(); i++) {
            rows.add(i);
        }
        return rows;
    }

    private final class Evaluation {

        private final FocusChecks checks;
        private final FocusTable table;
        private final Set<String> supported;
        private final Map<String, Verdict> verdicts = new LinkedHashMap<>();

        Evaluation(FocusChecks checks, FocusTable table, Set<String> supported) {
            this.checks = checks;
            this.table = table;
            this.supported = supported;
        }

        /**
         * The rows that break a rule; -1 stands for the table.
         *
         * @param rows that its composites' conditions leave
         * @param isAlternative whether its composite holds if another of its rules does
         */
        Set<Integer> visit(String id, Set<Integer> rows, boolean isAlternative) {
            Rule rule = rules.get(id);
            if (rule == null) {
                throw new IllegalStateException("the model names a rule that it does not have: " + id);
            }
            rule.how().get("Dependencies").forEach(each -> {
                if (!rules.containsKey(each.asText())) {
                    throw new IllegalStateException(id + " depends on a rule that there is not: " + each.asText());
                }
            });
            if (!supported.containsAll(rule.criteria())) {
                tell(id, Verdict.NOT_APPLICABLE);
                return Set.of();
            }
            Set<Integer> about = new HashSet<>();
            for (int row : rows) {
                if (checks.isMet(rule.condition(), table.rows().get(row))) {
                    about.add(row);
                }
            }
            if (rule.requirement().isEmpty()) {
                return Set.of();
            }
            return rule.function().equals("Composite") ? composite(rule, about) : leaf(rule, about, isAlternative);
        }

        private Set<Integer> composite(Rule rule, Set<Integer> about) {
            boolean any = rule.requirement().get("CheckFunction").asText().equals("OR");
            List<Set<Integer>> broken = new ArrayList<>();
            boolean held = false;
            for (JsonNode item : rule.requirement().get("Items")) {
                String child = item.get("ModelRuleId").asText();
                broken.add(visit(child, about, any));
                held |= verdicts.get(child) == Verdict.HOLDS;
            }
            Set<Integer> all = new HashSet<>(broken.get(0));
            broken.forEach(each -> {
                if (any) {
                    all.retainAll(each);
                } else {
                    all.addAll(each);
                }
            });
            tell(rule.id(), !all.isEmpty() ? Verdict.FAILS : held ? Verdict.HOLDS : Verdict.VACUOUS);
            return all;
        }

        private Set<Integer> leaf(Rule rule, Set<Integer> about, boolean isAlternative) {
            FocusChecks.Outcome outcome = checks.check(rule.requirement(), about);
            boolean breaks = !outcome.broken().isEmpty() && !rule.isPermission();
            if (breaks && !isAlternative) {
                tell(rule.id(), Verdict.FAILS);
            } else if (rule.isPermission()) {
                tell(rule.id(), Verdict.PERMISSION);
            } else {
                tell(rule.id(), outcome.checked() > outcome.broken().size() ? Verdict.HOLDS : Verdict.VACUOUS);
            }
            return breaks ? outcome.broken() : Set.of();
        }

        /** A rule that several composites name fails if it does so under any of them. */
        private void tell(String id, Verdict verdict) {
            verdicts.merge(
                    id,
                    verdict,
                    (one, other) -> one == Verdict.FAILS || other == Verdict.FAILS
                            ? Verdict.FAILS
                            : one == Verdict.HOLDS ? one : other);
        }
    }
}
