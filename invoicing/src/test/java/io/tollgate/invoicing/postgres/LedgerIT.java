package io.tollgate.invoicing.postgres;

import static io.tollgate.invoicing.Contracts.NOVEMBER;
import static io.tollgate.invoicing.Contracts.acme;
import static io.tollgate.invoicing.Contracts.history;
import static io.tollgate.invoicing.Fixtures.AFTER;
import static io.tollgate.invoicing.Fixtures.book;
import static io.tollgate.invoicing.Fixtures.gpt4o;
import static io.tollgate.invoicing.Fixtures.gpt4oCard;
import static io.tollgate.invoicing.Fixtures.usage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.invoicing.Contracts;
import io.tollgate.invoicing.Fixtures;
import io.tollgate.invoicing.connection.ConnectionUrl;
import io.tollgate.invoicing.contract.Contract;
import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.invoice.BillingTerms;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceCalculator;
import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.invoice.InvoiceStatus;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.receivable.Voiding;
import io.tollgate.invoicing.terms.Balances;
import io.tollgate.parts.TestParts;
import java.time.Duration;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What invoices use of balances is kept with them or not at all, and never changes. */
class LedgerIT {

    private static final ContractHistory CONTRACTS =
            history(acme("'credits':[{'id':'c','amount':'70','grantedOn':'2023-01-01'}]"));
    private static final YearMonth DECEMBER = NOVEMBER.plusMonths(1);

    private Database database;
    private InvoiceStore invoices;
    private Ledger ledger;

    @BeforeEach
    void open() {
        database = Database.open(ConnectionUrl.postgres(TestParts.freshPostgresDatabase()));
        invoices = new InvoiceStore(database, BillingTerms.USUAL);
        ledger = new Ledger(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    /** 60.00 USD of usage. */
    private static Invoice invoice(YearMonth month, Balances opening) {
        return Contracts.invoice(
                        CONTRACTS,
                        month,
                        Fixtures.history(book(gpt4oCard())),
                        List.of(usage(
                                BillingPeriod.of(month).range(), "acme", gpt4o(), Map.of("input_tokens", 24_000_000L))),
                        opening,
                        Optional.empty())
                .as(new InvoiceStatus.Final(AFTER));
    }

    private Balances before(YearMonth month) {
        return ledger.besides(month, Set.of("acme")).getOrDefault("acme", Balances.NONE);
    }

    @Test
    void whatAnInvoiceDrewIsThereForTheNext() {
        invoices.save(invoice(NOVEMBER, before(NOVEMBER)));

        assertThat(before(NOVEMBER)).isEqualTo(Balances.NONE);
        assertThat(before(DECEMBER).used()).containsOnly(Map.entry("credit c", Money.of("60.00", "USD")));
        Invoice december = invoice(DECEMBER, before(DECEMBER));
        assertThat(december.due()).isEqualTo(Money.of("50.00", "USD"));
        invoices.save(december);
        assertThat(before(DECEMBER.plusMonths(1)).used()).containsOnly(Map.entry("credit c", Money.of("70.00", "USD")));
    }

    @Test
    void anInvoiceThatIsComputedFromFormerBalancesIsNotKept() {
        Invoice december = invoice(DECEMBER, before(DECEMBER));
        invoices.save(invoice(NOVEMBER, before(NOVEMBER)));

        assertThatThrownBy(() -> invoices.save(december)).isInstanceOf(BalancesChangedException.class);

        assertThat(invoices.document(december.id())).isEmpty();
        assertThat(before(DECEMBER.plusMonths(1)).used()).containsOnly(Map.entry("credit c", Money.of("60.00", "USD")));
    }

    @Test
    void anInvoiceDoesNotDrawWhatALaterOneDrew() {
        Invoice early = invoice(NOVEMBER, before(NOVEMBER));
        invoices.save(invoice(DECEMBER, before(DECEMBER)));

        assertThatThrownBy(() -> invoices.save(early)).isInstanceOf(BalancesChangedException.class);
        Invoice november = invoice(NOVEMBER, before(NOVEMBER));
        assertThat(november.due()).isEqualTo(Money.of("50.00", "USD"));
        invoices.save(november);
        assertThat(before(DECEMBER.plusMonths(1)).used()).containsOnly(Map.entry("credit c", Money.of("70.00", "USD")));
    }

    @Test
    void savingTwiceDrawsOnce() {
        Invoice november = invoice(NOVEMBER, before(NOVEMBER));

        assertThat(invoices.save(november).isNew()).isTrue();
        assertThat(invoices.save(november).isNew()).isFalse();

        assertThat(before(DECEMBER).used()).containsOnly(Map.entry("credit c", Money.of("60.00", "USD")));
    }

    /** A mended contract may name another issuer, whose numbers are locked by another row. */
    @RepeatedTest(3)
    void aVoidMonthIsBilledAgainOnceWhoeverAsksAtOnce() throws Exception {
        InvoiceStore others = new InvoiceStore(database, new BillingTerms("other", Duration.ZERO, 30, false));
        Invoice november = invoice(NOVEMBER, before(NOVEMBER));
        invoices.save(november);
        assertThat(invoices.next("acme", NOVEMBER)).isEmpty();
        assertThatThrownBy(() -> invoices.save(november.as(revision(2)))).isInstanceOf(IllegalArgumentException.class);

        new NoteStore(database, BillingTerms.USUAL).take(november.id(), new Voiding("Ada", "mistake", AFTER));
        assertThat(before(DECEMBER).used()).containsOnly(Map.entry("credit c", Money.of("0.00", "USD")));
        assertThat(invoices.next("acme", NOVEMBER)).contains(revision(3));
        assertThatThrownBy(() -> invoices.save(november.as(revision(4)))).isInstanceOf(IllegalArgumentException.class);
        ExecutorService at = Executors.newFixedThreadPool(6);
        List<Callable<InvoiceStore.Saved>> wishes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            wishes.add(() -> invoices.save(november.as(revision(3))));
            wishes.add(() -> others.save(november.as(revision(3))));
        }
        List<InvoiceStore.Saved> saved = new ArrayList<>();
        for (Future<InvoiceStore.Saved> wish : at.invokeAll(wishes)) {
            saved.add(wish.get());
        }
        at.shutdown();

        assertThat(saved.stream().filter(InvoiceStore.Saved::isNew)).hasSize(1);
        assertThat(saved.stream().map(InvoiceStore.Saved::document).distinct()).hasSize(1);
        assertThat(before(DECEMBER).used()).containsOnly(Map.entry("credit c", Money.of("60.00", "USD")));
        assertThat(invoices.next("acme", NOVEMBER)).isEmpty();
        assertRefused("5", "5", "'acme.2023-11.1'", "invoice_is_replaced_once");
        assertRefused("5", "5", "NULL", "invoice_replaces_unless_first");
        assertRefused("5", "5", "'acme.2023-11.3'", "invoice_replaces_fkey");
        assertRefused("5", "1", "NULL", "invoice_is_of_itself");
    }

    private void assertRefused(String revision, String of, String replaces, String constraint) {
        String columns =
                "currency, exact_sum, subtotal, total, line_count, event_count, digest, finalised_at, document";
        assertThatThrownBy(() -> database.jdbi()
                        .useHandle(handle -> handle.execute("INSERT INTO invoice (id, tenant, month, revision,"
                                + " of_revision, replaces, " + columns + ") SELECT 'x', tenant, month, " + revision
                                + ", " + of + ", " + replaces + ", " + columns
                                + " FROM invoice WHERE id = 'acme.2023-11.3'")))
                .hasMessageContaining(constraint);
    }

    private static InvoiceId revision(int revision) {
        return new InvoiceId("acme", NOVEMBER, revision);
    }

    @Test
    void theDatabaseRefusesAnOverdraftWhoeverAsks() {
        invoices.save(invoice(NOVEMBER, before(NOVEMBER)));

        assertThatThrownBy(() -> database.jdbi()
                        .useHandle(handle -> handle.execute("INSERT INTO balance_posting (tenant, balance, month,"
                                + " invoice_id, currency, amount, limit_amount)"
                                + " VALUES ('acme', 'credit c', '2023-12', 'x', 'USD', 10.01, 70)")))
                .hasMessageContaining("credit c of acme would be overdrawn");
        assertThatThrownBy(() -> database.jdbi()
                        .useHandle(handle -> handle.execute("INSERT INTO balance_posting (tenant, balance, month,"
                                + " invoice_id, currency, amount, limit_amount)"
                                + " VALUES ('acme', 'credit c', '2023-12', 'x', 'USD', -60.01, 70)")))
                .hasMessageContaining("credit c of acme would be more than was granted");
    }

    /** As the release before wrote it: 10 drawn in November, in December 45 drawn and the 45 that are left settled. */
    @Test
    void whatAnEarlierReleaseSettledIsToldFromWhatItDrew() {
        ConnectionUrl url = ConnectionUrl.postgres(TestParts.freshPostgresDatabase());
        Flyway.configure()
                .dataSource(url.jdbcUrl(), url.user().orElse(""), url.password().orElse(""))
                .schemas("invoicing")
                .locations("classpath:io/tollgate/invoicing/postgres")
                .target("5")
                .load()
                .migrate();
        Jdbi before =
                Jdbi.create(url.jdbcUrl(), url.user().orElse(""), url.password().orElse(""));
        before.useHandle(handle -> {
            handle.execute("SET search_path TO invoicing");
            String entries = "{\"contract\":{\"entries\":["
                    + "{\"step\":\"commitment\",\"id\":\"c\",\"from\":\"2023-12-01\",\"to\":\"2024-01-01\","
                    + "\"explanation\":\"commitment of 2023-11-01/2024-01-01: 100.00 USD; open 90.00 USD\"},"
                    + "{\"step\":\"commitment\",\"id\":\"c\",\"from\":\"2023-12-01\",\"to\":\"2024-01-01\","
                    + "\"explanation\":\"45.00 USD are not used and roll over to 2024-01-01/2024-03-01\"}]}}";
            for (String[] each : List.of(new String[] {"2023-11", "{}"}, new String[] {"2023-12", entries})) {
                handle.execute(
                        "INSERT INTO invoice (id, tenant, month, revision, currency, exact_sum, subtotal, total,"
                                + " line_count, event_count, digest, finalised_at, document)"
                                + " VALUES (?, 'acme', ?, 1, 'USD', 0, 0, 0, 0, 0, repeat('0', 32), now(), ?)",
                        "acme." + each[0] + ".1",
                        each[0],
                        each[1]);
            }
            handle.execute("INSERT INTO balance_posting (tenant, balance, month, invoice_id, currency, amount,"
                    + " limit_amount) VALUES"
                    + " ('acme', 'commitment c from 2023-11-01', '2023-11', 'acme.2023-11.1', 'USD', 10.00, 100),"
                    + " ('acme', 'commitment c from 2023-11-01', '2023-12', 'acme.2023-12.1', 'USD', 45.00, 100),"
                    + " ('acme', 'commitment c from 2023-11-01', '2023-12', 'acme.2023-12.1', 'USD', 45.00, 100),"
                    + " ('acme', 'commitment c from 2024-01-01', '2023-12', 'acme.2023-12.1', 'USD', -45.00, 100)");
        });

        try (Database after = Database.open(url)) {
            Balances november =
                    new Ledger(after).besides(NOVEMBER, Set.of("acme")).getOrDefault("acme", Balances.NONE);
            assertThat(november.used())
                    .containsEntry("commitment c from 2023-11-01", Money.of("90.00", "USD"))
                    .containsEntry("commitment c from 2024-01-01", Money.of("-45.00", "USD"));
            assertThat(november.settled())
                    .containsOnly(Map.entry("commitment c from 2023-11-01", Money.of("45.00", "USD")));
            assertThatThrownBy(() -> after.jdbi()
                            .useHandle(handle -> handle.execute("UPDATE balance_posting SET settles = false")))
                    .hasMessageContaining("is immutable");
        }
    }

    /** Two accounts that want the same member, its own contract, and its own invoice of the month: one of them wins. */
    @RepeatedTest(5)
    void aMonthOfAMemberHasOnePayerWhoeverAsksAtOnce() throws Exception {
        ContractStore contracts = new ContractStore(database);
        Invoice own = Contracts.invoice(
                        history(acme("")),
                        Fixtures.history(book(gpt4oCard())),
                        List.of(usage(Fixtures.NOVEMBER, "acme", gpt4o(), Map.of("input_tokens", 1L))))
                .as(new InvoiceStatus.Final(AFTER));
        List<Callable<Boolean>> wishes = List.of(
                () -> contracts.publish(account("one"), AFTER).isNew(),
                () -> contracts.publish(account("two"), AFTER).isNew(),
                () -> contracts
                        .publish(Contracts.acmeFrom("2023-11-01", ""), AFTER)
                        .isNew(),
                () -> {
                    try {
                        return invoices.save(own).isNew();
                    } catch (MembersChangedException e) {
                        return false;
                    }
                });
        ExecutorService at = Executors.newFixedThreadPool(wishes.size());
        List<Boolean> granted = new ArrayList<>();
        for (Future<Boolean> wish : at.invokeAll(wishes)) {
            granted.add(wish.get());
        }
        at.shutdown();

        List<Boolean> accounts = granted.subList(0, 2);
        // The invoice and the contract are the tenant's own, and go together.
        assertThat(granted.subList(2, 4)).containsOnly(!accounts.contains(true));
        assertThat(accounts.stream().filter(won -> won)).hasSizeLessThanOrEqualTo(1);
        String payer = contracts.payers(Set.of("acme")).of("acme", NOVEMBER);
        assertThat(payer).isEqualTo(accounts.get(0) ? "one" : accounts.get(1) ? "two" : "acme");
    }

    @Test
    void aMonthWhoseLastHourAnAccountTookMeanwhileIsNotKept() {
        Invoice own = InvoiceCalculator.draft(
                        "acme",
                        BillingPeriod.of(NOVEMBER),
                        List.of(usage(BillingPeriod.of(NOVEMBER).range(), "acme", gpt4o(), Map.of("input_tokens", 1L))),
                        Fixtures.history(book(gpt4oCard())),
                        AFTER)
                .as(new InvoiceStatus.Final(AFTER));
        assertThat(new ContractStore(database)
                        .publish(
                                Contracts.contract("{'tenant':'one','currency':'USD','effectiveFrom':'2023-12-01',"
                                        + "'timeZone':'Europe/Stockholm','members':['acme']}"),
                                AFTER)
                        .isNew())
                .isTrue();

        assertThatThrownBy(() -> invoices.save(own)).isInstanceOf(MembersChangedException.class);
    }

    private static Contract account(String tenant) {
        return Contracts.contract(
                "{'tenant':'" + tenant + "','currency':'USD','effectiveFrom':'2023-11-01','members':['acme']}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE balance_posting SET amount = 1",
                "DELETE FROM balance_posting",
                "TRUNCATE balance_posting",
                "UPDATE contract SET document = '{}'",
                "DELETE FROM contract",
                "TRUNCATE contract",
                "UPDATE contract_member SET member = 'other'",
                "DELETE FROM contract_member",
                "TRUNCATE contract_member",
                "UPDATE issuer SET document = '{}'",
                "DELETE FROM issuer",
                "TRUNCATE issuer",
                "DELETE FROM document_waiver",
                "TRUNCATE document_waiver"
            })
    void historyCannotBeChangedEvenBySql(String sql) {
        assertThatThrownBy(() -> database.jdbi().useHandle(handle -> handle.execute(sql)))
                .hasMessageContaining("is immutable");
    }
}
