package io.tollgate.invoicing.rendering;

import io.tollgate.invoicing.document.ChargebackDocument;
import io.tollgate.invoicing.document.ChargebackDocument.Billed;
import io.tollgate.invoicing.document.ChargebackDocument.Centre;
import io.tollgate.invoicing.document.ChargebackDocument.Line;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the template of a chargeback's PDF is filled with: texts only, empty where there is nothing to show. The template
 * escapes all of them but {@code logo}, {@code fontFamily} and {@code indent}, which are ours.
 */
record ChargebackPage(
        String title,
        String subject,
        String draft,
        String brand,
        String logo,
        String colour,
        String fontFamily,
        List<String> footer,
        String tenant,
        List<Fact> facts,
        List<Fact> documents,
        String currency,
        String total,
        List<Row> rows,
        List<Section> sections) {

    private static final int INDENT_MM = 5;

    record Fact(String label, String value) {}

    /** @param kind its class in the template's style */
    record Row(String kind, int indent, String name, String detail, String own, String total) {}

    record Section(String name, String amount, List<Part> parts) {}

    record Part(String what, String detail, String quantity, String amount) {}

    static ChargebackPage of(
            ChargebackDocument report, Optional<Integer> run, Instant at, Branding branding, String fontFamily) {
        boolean posts = report.mode().equals("chargeback");
        return new ChargebackPage(
                posts ? "Chargeback" : "Showback",
                report.tenant() + " " + report.period(),
                report.documents().stream().anyMatch(document -> document.kind().equals("draft"))
                        ? draft(report, at)
                        : "",
                branding.name().orElse("Tollgate"),
                branding.logo().map(Branding.Logo::uri).orElse(""),
                branding.colour(),
                fontFamily,
                branding.footer(),
                report.tenant(),
                facts(report, run),
                report.documents().stream().map(ChargebackPage::document).toList(),
                report.currency(),
                amount(report.total()),
                rows(report),
                sections(report));
    }

    private static String draft(ChargebackDocument report, Instant at) {
        String open = report.exceptions() == 0
                ? ""
                : " " + report.exceptions() + " exception(s) are not billed yet and must be decided on first.";
        return "This is of a draft as of " + at + ", not of an invoice. Amounts change with usage until it is closed."
                + open;
    }

    private static List<Fact> facts(ChargebackDocument report, Optional<Integer> run) {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("Period", report.period()));
        run.ifPresent(number -> facts.add(new Fact("Run", Integer.toString(number))));
        facts.add(new Fact(
                "Rules",
                report.rules().isEmpty()
                        ? "none"
                        : report.rules().stream()
                                .map(version -> "version " + version)
                                .collect(Collectors.joining(", "))));
        return facts;
    }

    private static Fact document(Billed document) {
        String kind = document.kind().replace('_', ' ');
        return new Fact(
                kind.substring(0, 1).toUpperCase(Locale.ROOT) + kind.substring(1) + " "
                        + document.number().orElse(document.id())
                        + document.issuedOn().map(day -> " of " + day).orElse(""),
                amount(document.due()));
    }

    private static List<Row> rows(ChargebackDocument report) {
        List<Row> rows = new ArrayList<>();
        for (Centre centre : report.costCentres()) {
            rows.add(new Row(
                    "",
                    centre.depth() * INDENT_MM,
                    centre.name().orElse(centre.costCentre()),
                    centre.name().isPresent() ? centre.costCentre() : "",
                    amount(centre.own()),
                    amount(centre.total())));
        }
        String left = amount(report.unallocated().own());
        rows.add(new Row("", 0, "Unallocated", "no rule takes it", left, left));
        rows.add(new Row("strong", 0, "Total (" + report.currency() + ")", "", "", amount(report.total())));
        return rows;
    }

    private static List<Section> sections(ChargebackDocument report) {
        Stream<Section> centres = report.costCentres().stream()
                .filter(centre -> !centre.lines().isEmpty())
                .map(centre -> section(
                        report,
                        centre.name()
                                .map(name -> name + " (" + centre.costCentre() + ")")
                                .orElse(centre.costCentre()),
                        centre.own(),
                        centre.lines()));
        Stream<Section> unallocated = Stream.of(report.unallocated())
                .filter(left -> !left.lines().isEmpty())
                .map(left -> section(report, "Unallocated", left.own(), left.lines()));
        return Stream.concat(centres, unallocated).toList();
    }

    private static Section section(ChargebackDocument report, String name, String amount, List<Line> lines) {
        return new Section(
                name,
                amount(amount),
                lines.stream()
                        // Cents that nobody has would only be in the way of those that somebody has.
                        .filter(line -> !line.kind().equals("rounding") || new BigDecimal(line.amount()).signum() != 0)
                        .map(line -> part(report, line))
                        .toList());
    }

    private static Part part(ChargebackDocument report, Line line) {
        String kind = line.kind().replace('_', ' ');
        String what = line.meter()
                .map(meter -> (line.provider().orElse("") + " " + line.model().orElse("")).strip() + ": " + meter)
                .or(line::description)
                .orElse(kind.substring(0, 1).toUpperCase(Locale.ROOT) + kind.substring(1));
        List<String> detail = new ArrayList<>();
        if (!line.kind().equals("usage")) {
            detail.add(line.id().map(id -> kind + " " + id).orElse(kind));
        }
        line.rule()
                .ifPresent(rule -> detail.add("rule " + rule + ", version "
                        + line.rulesVersion()
                                .map(version -> Integer.toString(version))
                                .orElse("")));
        if (report.documents().size() > 1) {
            detail.add(report.documents().stream()
                    .filter(document -> document.id().equals(line.document()))
                    .flatMap(document -> document.number().stream())
                    .findFirst()
                    .orElse(line.document()));
        }
        return new Part(
                what,
                String.join(" · ", detail),
                line.quantity()
                        .map(BigInteger::new)
                        .map(quantity -> String.format(Locale.ROOT, "%,d", quantity))
                        .orElse(""),
                amount(line.amount()));
    }

    private static String amount(String digits) {
        BigDecimal amount = new BigDecimal(digits);
        return String.format(Locale.ROOT, "%,." + amount.scale() + "f", amount);
    }
}
