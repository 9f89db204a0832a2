package io.tollgate.invoicing.rendering;

import io.tollgate.invoicing.spend.Spend;
import io.tollgate.invoicing.spend.SpendDimension;
import io.tollgate.invoicing.spend.SpendQuestion;
import io.tollgate.invoicing.spend.UsageTally;
import io.tollgate.invoicing.usage.TimeRange;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Spend and usage as CSV (RFC 4180, UTF-8): a header, and a row for each group in each stretch of time. */
public final class SpendCsv {

    private SpendCsv() {}

    /** Charges are no rows of it: the costs add up to what usage cost. */
    public static byte[] write(Spend spend) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(header(
                spend.question(), List.of("quantity", "currency", "list_cost", "contracted_cost", "effective_cost")));
        for (Spend.Row row : spend.rows()) {
            List<String> cells = cells(spend.question(), row.period(), row.group());
            cells.add(row.quantity().map(BigInteger::toString).orElse(""));
            cells.add(spend.currency().getCurrencyCode());
            cells.add(row.cost().list().digits());
            cells.add(row.cost().contracted().digits());
            cells.add(row.cost().effective().digits());
            rows.add(cells);
        }
        return Csv.write(rows);
    }

    /** Quantities. */
    public static byte[] write(SpendQuestion question, List<UsageTally.Row> usage) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(header(question, List.of("quantity")));
        for (UsageTally.Row row : usage) {
            List<String> cells = cells(question, row.period(), row.group());
            cells.add(row.quantity().toString());
            rows.add(cells);
        }
        return Csv.write(rows);
    }

    private static List<String> header(SpendQuestion question, List<String> figures) {
        List<String> header = new ArrayList<>(List.of("from", "to"));
        question.groupBy().stream().map(SpendDimension::label).map(Csv::text).forEach(header::add);
        header.addAll(figures);
        return header;
    }

    private static List<String> cells(SpendQuestion question, TimeRange period, List<String> group) {
        List<String> cells = new ArrayList<>();
        cells.add(period.from().atZone(question.zone()).toOffsetDateTime().toString());
        cells.add(period.to().atZone(question.zone()).toOffsetDateTime().toString());
        group.stream().map(Csv::text).forEach(cells::add);
        return cells;
    }
}
