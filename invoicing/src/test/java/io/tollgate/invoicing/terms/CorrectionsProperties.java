package io.tollgate.invoicing.terms;

import static io.tollgate.invoicing.Contracts.NOVEMBER;
import static io.tollgate.invoicing.Contracts.SWEDISH_BUYER;
import static io.tollgate.invoicing.Contracts.acme;
import static io.tollgate.invoicing.Contracts.history;
import static io.tollgate.invoicing.Contracts.invoice;
import static io.tollgate.invoicing.Fixtures.USD;
import static io.tollgate.invoicing.Fixtures.book;
import static io.tollgate.invoicing.Fixtures.gpt4o;
import static io.tollgate.invoicing.Fixtures.gpt4oCard;
import static io.tollgate.invoicing.Fixtures.usage;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.Fixtures;
import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.invoice.Adjustment;
import io.tollgate.invoicing.invoice.Adjustment.Amount;
import io.tollgate.invoicing.invoice.Adjustment.Billed;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceLine;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.receivable.Account;
import io.tollgate.invoicing.usage.Evidence;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Laws of invoices that are corrected, whatever happens in whatever order: closes, late usage, reversals, notes, voidings.
 * What the database keeps is played by lists. Each property is driven by a seed, which jqwik prints when it fails.
 */
class CorrectionsProperties {

    private static final PriceHistory LIST = Fixtures.history(book(gpt4oCard()));
    private static final Money ZERO = Money.zero(USD);
    private static final int MONTHS = 7;

    private record Row(YearMonth month, Posting posting) {}

    /** A tenant, what it used, and what was billed to it. */
    private static final class Books {

        private final ContractHistory contracts;
        private final Map<YearMonth, Integer> dollars = new HashMap<>();
        private final SortedMap<YearMonth, Billed> billed = new TreeMap<>();
        private final SortedSet<YearMonth> closed = new TreeSet<>();
        private final List<Row> rows = new ArrayList<>();

        Books(ContractHistory contracts) {
            this.contracts = contracts;
        }

        Invoice now(YearMonth month) {
            int spent = dollars.getOrDefault(month, 0);
            return invoice(
                    contracts,
                    month,
                    LIST,
                    spent == 0
                            ? List.of()
                            : List.of(usage(
                                    BillingPeriod.of(month).range(),
                                    "acme",
                                    gpt4o(),
                                    Map.of("input_tokens", spent * 400_000L))),
                    besides(month),
                    closed.stream()
                            .filter(each -> !each.equals(month) || billed.containsKey(each))
                            .max(Comparator.naturalOrder()));
        }

        private Balances besides(YearMonth month) {
            SortedMap<String, Money> used = new TreeMap<>();
            SortedMap<String, Money> settled = new TreeMap<>();
            SortedMap<String, Money> kept = new TreeMap<>();
            for (Row row : rows) {
                Posting posting = row.posting();
                if (!row.month().equals(month)) {
                    used.merge(posting.balance(), posting.amount(), Money::plus);
                    if (posting.settles()) {
                        settled.merge(posting.balance(), posting.amount(), Money::plus);
                    }
                } else if (posting.settles()) {
                    kept.merge(posting.balance(), posting.amount(), Money::plus);
                }
            }
            return new Balances(used, settled, kept);
        }

        Adjustment since(YearMonth month) {
            return Adjustment.of(billed.getOrDefault(month, nothing()), now(month));
        }

        /** Closes the month, for the first time or after it was voided, or issues a note to its invoice; whether anything changed. */
        boolean bill(YearMonth month) {
            Adjustment difference = since(month);
            if ((billed.containsKey(month) && difference.isNothing()) || !post(month, difference.postings())) {
                return false;
            }
            Billed before = billed.getOrDefault(month, nothing());
            assertThat(Account.of(before.total(), Optional.empty()).note(difference.total(), LocalDate.EPOCH))
                    .isInstanceOf(Account.Change.Made.class);
            closed.add(month);
            billed.put(month, of(now(month), posted(month)));
            assertThat(billed.get(month).total().minus(before.total())).isEqualTo(difference.total());
            assertThat(since(month).isNothing()).isTrue();
            return true;
        }

        void take(YearMonth month) {
            if (post(
                    month,
                    Adjustment.takingBack(billed.getOrDefault(month, nothing())).postings())) {
                billed.remove(month);
                assertThat(posted(month)).isEmpty();
            }
        }

        private List<Posting> posted(YearMonth month) {
            return Adjustment.takingBack(new Billed(
                            Map.of(),
                            List.of(),
                            List.of(),
                            rows.stream()
                                    .filter(row -> row.month().equals(month))
                                    .map(row -> row.posting()
                                            .of(row.posting().amount().negated()))
                                    .toList(),
                            ZERO,
                            ZERO,
                            ZERO,
                            ZERO,
                            Evidence.NONE))
                    .postings();
        }

        /** As the database takes them: not if a balance would be overdrawn. */
        private boolean post(YearMonth month, List<Posting> postings) {
            List<Row> before = List.copyOf(rows);
            postings.forEach(posting -> rows.add(new Row(month, posting)));
            for (Posting posting : postings) {
                Money drawn = sum(posting.balance(), false);
                Money all = drawn.plus(sum(posting.balance(), true));
                boolean isOver = posting.amount().signum() > 0
                        && (posting.settles() ? all : drawn).compareTo(posting.limit()) > 0;
                if (isOver) {
                    rows.clear();
                    rows.addAll(before);
                    return false;
                }
            }
            return true;
        }

        Money sum(String balance, boolean settles) {
            return Money.sum(
                    rows.stream()
                            .map(Row::posting)
                            .filter(posting -> posting.balance().equals(balance) && posting.settles() == settles)
                            .map(Posting::amount)
                            .toList(),
                    USD);
        }

        Money net() {
            return Money.sum(
                    billed.values().stream()
                            .map(each -> Adjustment.takingBack(each).net().negated())
                            .toList(),
                    USD);
        }

        private static Billed of(Invoice now, List<Posting> postings) {
            Map<Adjustment.Key, Amount> lines = new TreeMap<>();
            for (InvoiceLine line : now.lines()) {
                lines.put(Adjustment.Key.of(line), new Amount(line.quantity(), line.exactAmount(), line.shownAmount()));
            }
            Statement agreed = now.statement().orElseThrow();
            return new Billed(
                    lines,
                    agreed.entries(),
                    agreed.taxes(),
                    postings,
                    now.exactSum(),
                    now.subtotal(),
                    now.total(),
                    now.due(),
                    now.evidence());
        }

        private static Billed nothing() {
            return new Billed(Map.of(), List.of(), List.of(), List.of(), ZERO, ZERO, ZERO, ZERO, Evidence.NONE);
        }
    }

    private static Books happened(Random random, String terms) {
        Books books = new Books(history(acme(terms)));
        int closed = 0;
        for (int turn = 0; turn < 30; turn++) {
            YearMonth month = NOVEMBER.plusMonths(closed == 0 ? 0 : random.nextInt(closed));
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    if (closed < MONTHS) {
                        YearMonth next = NOVEMBER.plusMonths(closed);
                        books.dollars.merge(next, random.nextInt(90), Integer::sum);
                        books.bill(next);
                        closed++;
                    }
                }
                // Late usage, or a reversal of what was used.
                case 2, 3 ->
                    books.dollars.put(
                            month, Math.max(0, books.dollars.getOrDefault(month, 0) + random.nextInt(60) - 20));
                // Void months are billed again, sooner or later than others.
                case 4 -> {
                    if (books.closed.contains(month)) {
                        books.bill(month);
                    }
                }
                default -> {
                    if (random.nextInt(3) == 0) {
                        books.take(month);
                    }
                }
            }
            assertBalances(books);
        }
        return books;
    }

    private static void assertBalances(Books books) {
        books.rows.stream().map(Row::posting).map(Posting::balance).distinct().forEach(balance -> {
            if (balance.startsWith("credit")) {
                assertThat(books.sum(balance, false)).isBetween(ZERO, Money.of("100", "USD"));
            } else {
                assertThat(books.sum(balance, false)).isLessThanOrEqualTo(Money.of("120", "USD"));
                assertThat(books.sum(balance, true)).isGreaterThanOrEqualTo(ZERO);
            }
        });
    }

    private static String commitment(String unused) {
        return "'commitments':[{'id':'c','effectiveFrom':'2023-11-01','effectiveTo':'2024-05-01','months':3,'unused':'"
                + unused + "','schedule':[{'effectiveFrom':'2023-11-01','amount':'120'}]}]";
    }

    @Property(tries = 400)
    void balancesStayWithinTheirBoundsWhateverHappens(@ForAll long seed) {
        Random random = new Random(seed);
        happened(
                random,
                SWEDISH_BUYER + ","
                        + "'credits':[{'id':'a','amount':'100','grantedOn':'2023-01-01','meters':['input_tokens']},"
                        + "{'id':'b','amount':'70','grantedOn':'2023-01-01'}],"
                        + commitment(random.nextBoolean() ? "true_up" : "roll_over"));
    }

    /** Two stretches of three months and a month after them: what was promised of each, or what was spent in it. */
    @Property(tries = 400)
    void inTheEndACommitmentCostsWhatWasPromisedOrSpentHoweverItWasCorrected(@ForAll long seed) {
        Books books = happened(new Random(seed), commitment("true_up"));
        for (int i = 0; i < MONTHS; i++) {
            books.bill(NOVEMBER.plusMonths(i));
        }
        boolean changes = true;
        for (int turn = 0; changes && turn < 10; turn++) {
            changes = false;
            for (int i = 0; i < MONTHS; i++) {
                changes |= books.bill(NOVEMBER.plusMonths(i));
            }
        }

        assertThat(changes).isFalse();
        int expected = books.dollars.getOrDefault(NOVEMBER.plusMonths(6), 0);
        for (int stretch = 0; stretch < 2; stretch++) {
            int spent = 0;
            for (int i = 0; i < 3; i++) {
                spent += books.dollars.getOrDefault(NOVEMBER.plusMonths(3L * stretch + i), 0);
            }
            expected += Math.max(120, spent);
        }
        assertThat(books.net()).isEqualTo(Money.of(Integer.toString(expected), "USD"));
    }

    /** Unless a document of before used what was rolled over: then the database refuses, and that one is corrected first. */
    @Property(tries = 200)
    void theLastMonthsDocumentsComeToWhatOneInvoiceMadeNowWouldSay(@ForAll long seed) {
        Books books = happened(new Random(seed), commitment("roll_over"));
        if (!books.billed.isEmpty()) {
            YearMonth last = books.billed.lastKey();
            if (books.bill(last) || books.since(last).isNothing()) {
                assertThat(books.billed.getOrDefault(last, Books.nothing()).total())
                        .isEqualTo(books.now(last).total());
            }
        }
    }
}
