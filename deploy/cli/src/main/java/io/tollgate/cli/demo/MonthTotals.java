package io.tollgate.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.cli.api.ApiClient;
import io.tollgate.cli.terminal.TextTable;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A month's totals per tenant, model and accelerator type, from the spend API. */
final class MonthTotals {

    private static final int SHOWN_COMBINATIONS = 12;

    private record Total(List<String> group, BigInteger tokens, BigDecimal cost) {

        Total plus(BigInteger moreTokens, BigDecimal moreCost) {
            return new Total(group, tokens.add(moreTokens), cost.add(moreCost));
        }
    }

    private MonthTotals() {}

    /** The month as the spend API wants it. */
    static String range(YearMonth month) {
        return "from=%s&to=%s".formatted(start(month), start(month.plusMonths(1)));
    }

    static void print(ApiClient api, YearMonth month, List<JsonNode> invoices, PrintWriter out) {
        JsonNode spend =
                api.get("/v1/spend?groupBy=tenant,provider,model,acceleratorType,meter&limit=10000&" + range(month));
        String currency = spend.path("currency").asText();
        print(spend, currency, List.of("tenant"), Integer.MAX_VALUE, out);
        print(spend, currency, List.of("provider", "model"), Integer.MAX_VALUE, out);
        print(spend, currency, List.of("acceleratorType"), Integer.MAX_VALUE, out);
        print(spend, currency, List.of("tenant", "model", "acceleratorType"), SHOWN_COMBINATIONS, out);
        BigDecimal invoiced = invoices.stream()
                .map(invoice -> new BigDecimal(invoice.path("exactSum").asText()))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        BigDecimal spent = new BigDecimal(spend.at("/total/effectiveCost").asText());
        out.printf(
                "%nSpend %s %s, invoices before rounding %s %s: %s.%n",
                TextTable.decimal(spent),
                currency,
                TextTable.decimal(invoiced),
                currency,
                spent.compareTo(invoiced) == 0 ? "the same, to the last digit" : "THEY DIFFER");
        out.flush();
    }

    private static void print(JsonNode spend, String currency, List<String> groupBy, int most, PrintWriter out) {
        List<Total> totals = totals(spend, groupBy);
        TextTable table = new TextTable();
        groupBy.forEach(dimension -> table.left(heading(dimension)));
        table.right("Tokens").right(currency);
        int decimals =
                totals.stream().mapToInt(total -> total.cost().scale()).max().orElse(0);
        totals.stream().limit(most).forEach(total -> table.row(cells(total.group(), total, decimals)));
        Total all = totals.stream()
                .reduce(
                        new Total(List.of(), BigInteger.ZERO, BigDecimal.ZERO),
                        (sum, total) -> sum.plus(total.tokens(), total.cost()));
        List<String> label =
                new ArrayList<>(groupBy.stream().map(dimension -> "").toList());
        label.set(0, "All");
        table.footer(cells(label, all, decimals));
        out.println();
        out.print(table.render());
        if (totals.size() > most) {
            out.printf("(the %d largest of %d)%n", most, totals.size());
        }
    }

    /** With as many decimals as the longest in the column, so that the points stand below each other. */
    private static String[] cells(List<String> group, Total total, int decimals) {
        List<String> cells = new ArrayList<>(group);
        cells.add(TextTable.decimal(new BigDecimal(total.tokens())));
        cells.add(TextTable.decimal(total.cost().setScale(decimals)));
        return cells.toArray(String[]::new);
    }

    private static List<Total> totals(JsonNode spend, List<String> groupBy) {
        Map<List<String>, Total> totals = new LinkedHashMap<>();
        for (JsonNode row : spend.path("rows")) {
            List<String> group = groupBy.stream()
                    .map(dimension -> row.path("group").path(dimension).asText())
                    .toList();
            Total before = totals.getOrDefault(group, new Total(group, BigInteger.ZERO, BigDecimal.ZERO));
            totals.put(
                    group,
                    before.plus(
                            new BigInteger(row.path("quantity").asText()),
                            new BigDecimal(row.path("effectiveCost").asText())));
        }
        return totals.values().stream()
                .sorted(Comparator.comparing(Total::cost).reversed())
                .toList();
    }

    private static String heading(String dimension) {
        return switch (dimension) {
            case "acceleratorType" -> "Accelerator type";
            default -> Character.toUpperCase(dimension.charAt(0)) + dimension.substring(1);
        };
    }

    private static String start(YearMonth month) {
        return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant().toString();
    }
}
