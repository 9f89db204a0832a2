package io.tollgate.invoicing.chargeback;

import io.tollgate.invoicing.chargeback.AllocationRules.Mode;
import io.tollgate.invoicing.chargeback.ChargebackReport.Line;
import io.tollgate.invoicing.chargeback.ChargebackReport.Row;
import io.tollgate.invoicing.chargeback.ChargebackReport.Share;
import io.tollgate.invoicing.chargeback.Postings.Place;
import io.tollgate.invoicing.chargeback.Postings.Sum;
import io.tollgate.invoicing.cost.CostReport;
import io.tollgate.invoicing.money.Money;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes reports: divides documents exactly, then shows the parts in whole minor units that add up. */
public final class Chargeback {

    private final YearMonth month;
    private final Currency currency;
    private final SortedMap<String, CostCentre> centres;
    private final Map<Optional<String>, List<Line>> lines = new LinkedHashMap<>();

    private Chargeback(YearMonth month, Currency currency, SortedMap<String, CostCentre> centres) {
        this.month = month;
        this.currency = currency;
        this.centres = centres;
    }

    /**
     * Divides what a tenant has to pay for a month, effective cost: who uses what is reserved has a share of its fee.
     *
     * @param documents at least one, whose usage is told apart as {@link RulesHistory#detail} wants it, and at the midnights
     *     that begin {@link RulesHistory#changesIn}
     * @throws DifferentCurrenciesException if they are in different currencies
     */
    public static ChargebackReport report(
            String tenant, YearMonth month, List<CostReport> documents, RulesHistory rules) {
        Currency currency = documents.get(0).currency();
        documents.forEach(document -> {
            if (!document.currency().equals(currency)) {
                throw new DifferentCurrenciesException(currency, document.currency());
            }
        });
        Chargeback chargeback = new Chargeback(month, currency, new TreeMap<>(rules.costCentres(month)));
        DirectCost direct = DirectCost.of(documents, rules, currency);
        List<CostReport> standing = new ArrayList<>();
        List<Postings> posted = new ArrayList<>();
        for (CostReport document : documents) {
            if (!isNote(document)) {
                standing.clear();
                posted.clear();
            }
            standing.add(document);
            // What takes back all is taken from those who had it: its own entries would be divided by other keys.
            Postings own = isNote(document) && isNothing(standing, currency)
                    ? Postings.negated(posted)
                    : Allocation.of(month, document, rules, direct);
            posted.add(own);
            chargeback.add(document, own);
        }
        return chargeback.report(tenant, documents, rules);
    }

    private static boolean isNote(CostReport document) {
        return document.kind() == CostReport.Kind.CREDIT_NOTE || document.kind() == CostReport.Kind.DEBIT_NOTE;
    }

    /** Whether an invoice and its notes leave nothing. */
    private static boolean isNothing(List<CostReport> standing, Currency currency) {
        return Stream.<Function<CostReport, Money>>of(CostReport::subtotal, CostReport::total, CostReport::due)
                .allMatch(amount -> Money.sum(standing.stream().map(amount).toList(), currency)
                                .signum()
                        == 0);
    }

    /** Shown by cost centre first, so that none is off by more than a minor unit, and then within each. */
    private void add(CostReport document, Postings posted) {
        SortedMap<Place, Sum> sums = posted.sums();
        Map<Optional<String>, List<Map.Entry<Place, Sum>>> byCentre = new LinkedHashMap<>();
        sums.entrySet()
                .forEach(each -> byCentre.computeIfAbsent(each.getKey().costCentre(), key -> new ArrayList<>())
                        .add(each));
        List<Money> shown = document.due()
                .allocate(byCentre.values().stream().map(this::exact).toList());
        int next = 0;
        for (Map.Entry<Optional<String>, List<Map.Entry<Place, Sum>>> each : byCentre.entrySet()) {
            List<Money> parts = shown.get(next++)
                    .allocateShown(each.getValue().stream()
                            .map(part -> part.getValue().exact())
                            .toList());
            List<Line> own = lines.computeIfAbsent(each.getKey(), key -> new ArrayList<>());
            for (int i = 0; i < parts.size(); i++) {
                Map.Entry<Place, Sum> part = each.getValue().get(i);
                own.add(new Line(
                        document.id(),
                        part.getKey().origin(),
                        part.getValue().quantity(),
                        part.getValue().exact(),
                        parts.get(i)));
            }
        }
    }

    private Money exact(List<Map.Entry<Place, Sum>> parts) {
        return Money.sum(parts.stream().map(part -> part.getValue().exact()).toList(), currency);
    }

    private ChargebackReport report(String tenant, List<CostReport> documents, RulesHistory rules) {
        lines.keySet().stream()
                .flatMap(Optional::stream)
                .forEach(id ->
                        centres.computeIfAbsent(id, key -> new CostCentre(key, Optional.empty(), Optional.empty())));
        Map<Optional<String>, List<CostCentre>> below =
                centres.values().stream().collect(Collectors.groupingBy(CostCentre::parent));
        List<Row> rows = new ArrayList<>();
        addBelow(Optional.empty(), 0, below, rows);
        return new ChargebackReport(
                tenant,
                month,
                rules.atEndOf(month).map(version -> version.rules().mode()).orElse(Mode.SHOWBACK),
                currency,
                documents.stream().map(Chargeback::document).toList(),
                rules.in(month).stream().map(RulesVersion::version).toList(),
                rules.latest(),
                rows,
                share(Optional.empty()),
                documents.stream()
                        .map(document -> document.unbilled().size())
                        .max(Comparator.naturalOrder())
                        .orElse(0),
                Money.sum(documents.stream().map(CostReport::due).toList(), currency));
    }

    /** Each followed by those below it; returns what they come to. */
    private Money addBelow(
            Optional<String> parent, int depth, Map<Optional<String>, List<CostCentre>> below, List<Row> rows) {
        Money all = Money.zero(currency);
        for (CostCentre centre : below.getOrDefault(parent, List.of())) {
            List<Row> deeper = new ArrayList<>();
            Share own = share(Optional.of(centre.id()));
            Money total = own.amount().plus(addBelow(Optional.of(centre.id()), depth + 1, below, deeper));
            rows.add(new Row(centre, depth, own, total));
            rows.addAll(deeper);
            all = all.plus(total);
        }
        return all;
    }

    private Share share(Optional<String> costCentre) {
        List<Line> own = lines.getOrDefault(costCentre, List.of());
        return new Share(Money.sum(own.stream().map(Line::amount).toList(), currency), own);
    }

    private static ChargebackReport.Document document(CostReport report) {
        return new ChargebackReport.Document(
                report.id(),
                report.kind(),
                report.number(),
                report.issuedAt()
                        .map(at -> LocalDate.ofInstant(at, report.period().zone())),
                report.due());
    }
}
