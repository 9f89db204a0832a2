package io.tollgate.invoicing.postgres;

import static io.tollgate.invoicing.Fixtures.AFTER;
import static io.tollgate.invoicing.Fixtures.BEGINNING;
import static io.tollgate.invoicing.Fixtures.NOVEMBER;
import static io.tollgate.invoicing.Fixtures.USD;
import static io.tollgate.invoicing.Fixtures.card;
import static io.tollgate.invoicing.Fixtures.gpt4o;
import static io.tollgate.invoicing.Fixtures.gpt4oCard;
import static io.tollgate.invoicing.Fixtures.match;
import static io.tollgate.invoicing.Fixtures.usage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.invoicing.connection.ConnectionUrl;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.InvoiceDocument;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.invoice.BillingTerms;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceCalculator;
import io.tollgate.invoicing.invoice.InvoiceStatus;
import io.tollgate.invoicing.invoice.InvoiceStatus.Issue;
import io.tollgate.invoicing.pricing.PriceBook;
import io.tollgate.invoicing.pricing.PriceBookDraft;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.pricing.PublicationCheck.Refusal;
import io.tollgate.invoicing.pricing.RateCard;
import io.tollgate.invoicing.pricing.UnitPrice;
import io.tollgate.parts.TestParts;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoresIT {

    private Database database;
    private PriceBookStore books;
    private PriceBookDraftStore drafts;
    private InvoiceStore invoices;

    @BeforeAll
    void open() {
        ConnectionUrl url = ConnectionUrl.postgres(TestParts.freshPostgresDatabase());
        // Twice: the second start finds its schema in place.
        Database.open(url).close();
        database = Database.open(url);
        books = new PriceBookStore(database);
        drafts = new PriceBookDraftStore(database);
        invoices = new InvoiceStore(database, BillingTerms.USUAL);
    }

    @AfterAll
    void close() {
        database.close();
    }

    @Test
    void publishingTheSameBookAgainChangesNothing() {
        PublishedBook first = published(books.publish(book("same", gpt4oCard()), AFTER));

        Publication again = books.publish(book("same", gpt4oCard()), AFTER.plusSeconds(60));

        assertThat(again).isEqualTo(new Publication.Unchanged(first));
        assertThat(books.versions(Optional.of("same"))).containsExactly(first);
    }

    @Test
    void aChangedBookIsTheNextVersionAndBothStay() {
        PriceBookDraft one = book("grows", gpt4oCard());
        PriceBookDraft two = book("grows", gpt4oCard(), card(match(), Map.of("images", UnitPrice.of("0.04", 1))));
        books.publish(one, AFTER);
        assertThat(books.history("grows").orElseThrow().versionAt(AFTER)).contains(one.published(1));

        books.publish(two, AFTER);

        assertThat(books.history("grows").orElseThrow().versionAt(AFTER)).contains(two.published(2));
        assertThat(books.versions(Optional.of("grows")))
                .extracting(PublishedBook::book)
                .containsExactly(one.published(1), two.published(2));
        assertThat(books.history("unheard-of")).isEmpty();
    }

    @Test
    void goingBackToAnEarlierBookIsAVersionToo() {
        PriceBookDraft one = book("back", gpt4oCard());
        books.publish(one, AFTER);
        books.publish(book("back", card(match(), Map.of("images", UnitPrice.of("1", 1)))), AFTER);

        assertThat(published(books.publish(one, AFTER)).book().version()).isEqualTo(3);
    }

    @Test
    void whatCannotBeBilledByIsNotPublished() {
        assertThat(codes(books.publish(book("tie", gpt4oCard(), gpt4oCard()), AFTER)))
                .contains("price_tie");
        assertThat(books.history("tie")).isEmpty();

        books.publish(book("dollars", gpt4oCard()), AFTER);
        PriceBookDraft euros =
                new PriceBookDraft("dollars", Currency.getInstance("EUR"), BEGINNING, List.of(gpt4oCard()));
        assertThat(codes(books.publish(euros, AFTER))).containsExactly("currency_change");
    }

    @Test
    void booksPublishedAtOnceGetVersionsWithoutGaps() throws Exception {
        List<Publication> publications = atOnce(
                8,
                turn -> books.publish(
                        book("race", card(match(), Map.of("images", UnitPrice.of("1." + turn / 2, 1)))), AFTER));

        List<PublishedBook> versions = books.versions(Optional.of("race"));
        assertThat(versions)
                .extracting(version -> version.book().version())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, versions.size()).boxed().toList());
        assertThat(publications).allMatch(publication -> !(publication instanceof Publication.Refused));
    }

    @Test
    void aRetirementIsToldOnceAndNeverChanges() {
        books.publish(book("ends", gpt4oCard()), AFTER);
        Instant from = Instant.parse("2024-01-01T00:00:00Z");

        Retirement first = books.retire("ends", 1, from, AFTER);
        assertThat(first)
                .isEqualTo(new Retirement.Retired(
                        new PublishedBook(new PriceBook(book("ends", gpt4oCard()), 1, Optional.of(from)), AFTER)));
        assertThat(books.retire("ends", 1, from, AFTER.plusSeconds(60))).isEqualTo(first);
        assertThat(books.retire("ends", 1, from.plusSeconds(900), AFTER)).isInstanceOf(Retirement.Refused.class);

        assertThat(books.history("ends").orElseThrow().versionAt(from)).isEmpty();
        assertThat(books.history("ends").orElseThrow().versionAt(from.minusSeconds(1)))
                .isPresent();
        List<String> told = database.jdbi()
                .withHandle(handle -> handle.createQuery(
                                "SELECT body FROM event WHERE subject = 'ends' AND type LIKE '%.retired.v1'")
                        .mapTo(String.class)
                        .list());
        assertThat(told)
                .singleElement()
                .satisfies(body -> assertThat(body)
                        .contains("\"data\":{\"name\":\"ends\",\"version\":1,"
                                + "\"retiredFrom\":\"2024-01-01T00:00:00Z\","
                                + "\"link\":\"/v1/price-books/ends?version=1\"}"));
        assertThatThrownBy(() -> database.jdbi()
                        .useHandle(handle -> handle.execute("UPDATE price_book_retirement SET retired_from = now()")))
                .hasMessageContaining("is immutable");
    }

    @Test
    void aDraftIsPublishedAsItWasSeenAndOnce() throws Exception {
        SavedDraft seen = drafts.save(book("seen", gpt4oCard()), AFTER);
        SavedDraft replaced = drafts.save(book("seen", card(match(), Map.of("images", UnitPrice.of("1", 1)))), AFTER);

        assertThat(codes(books.publish(seen, AFTER))).containsExactly("draft_changed");
        assertThat(books.history("seen")).isEmpty();
        assertThat(drafts.find("seen")).contains(replaced);

        List<Publication> publications = atOnce(4, turn -> books.publish(replaced, AFTER));
        assertThat(publications.stream().filter(Publication.New.class::isInstance))
                .hasSize(1);
        assertThat(publications.stream().filter(Publication.Refused.class::isInstance))
                .hasSize(3);
        assertThat(drafts.find("seen")).isEmpty();
    }

    @Test
    void savingAnInvoiceTwiceKeepsTheFirst() {
        Invoice first = invoice("twice", 18_059_974, AFTER);
        String kept = invoices.save(first).document();

        Issue issue = invoices.find(first.id()).orElseThrow().issue().orElseThrow();
        assertThat(kept)
                .isEqualTo(CanonicalJson.write(
                        InvoiceDocument.of(first.as(new InvoiceStatus.Final(AFTER).issuedAs(issue)))));
        assertThat(invoices.save(invoice("twice", 5, AFTER.plusSeconds(60))))
                .isEqualTo(new InvoiceStore.Saved(kept, false));
        assertThat(invoices.document(first.id())).contains(kept);
        assertThat(invoices.find(first.id()))
                .contains(new FinalInvoice(
                        first.id(),
                        1,
                        false,
                        first.exactSum(),
                        first.subtotal(),
                        first.total(),
                        first.due(),
                        1,
                        first.evidence(),
                        AFTER,
                        Optional.of("tollgate"),
                        Optional.of(issue)));
    }

    @Test
    void invoicesSavedAtOnceAreOne() throws Exception {
        List<String> kept = atOnce(
                8,
                turn -> invoices.save(invoice("at-once", 1000 + turn, AFTER.plusSeconds(turn)))
                        .document());

        assertThat(kept.stream().distinct()).hasSize(1);
        assertThat(invoices.list(Optional.of("at-once"), Optional.of(YearMonth.of(2023, 11))))
                .hasSize(1);
    }

    @Test
    void draftsAreNotKept() {
        Invoice draft = invoice("draft", 1, AFTER).as(new InvoiceStatus.Draft(AFTER));

        assertThatThrownBy(() -> invoices.save(draft)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE invoice SET total = 0",
                "DELETE FROM invoice",
                "TRUNCATE invoice CASCADE",
                "INSERT INTO invoice SELECT * FROM invoice ON CONFLICT (id) DO UPDATE SET total = 0",
                "UPDATE price_book SET document = '{}'",
                "DELETE FROM price_book",
                "TRUNCATE price_book CASCADE"
            })
    void whatIsFinalCannotBeChangedEvenBySql(String sql) {
        String kept = invoices.save(invoice("immutable", 1_000_000, AFTER)).document();
        books.publish(book("immutable", gpt4oCard()), AFTER);

        assertThatThrownBy(() -> database.jdbi().useHandle(handle -> handle.execute(sql)))
                .hasMessageContaining("is immutable");
        assertThat(invoices.save(invoice("immutable", 1, AFTER)).document()).isEqualTo(kept);
    }

    private static Invoice invoice(String tenant, long tokens, Instant finalisedAt) {
        PriceHistory prices = new PriceHistory(List.of(new PriceBook(book("list", gpt4oCard()), 1)));
        return InvoiceCalculator.draft(
                        tenant,
                        BillingPeriod.of(YearMonth.of(2023, 11)),
                        List.of(usage(NOVEMBER, tenant, gpt4o(), Map.of("input_tokens", tokens))),
                        prices,
                        finalisedAt)
                .as(new InvoiceStatus.Final(finalisedAt));
    }

    private static PriceBookDraft book(String name, RateCard... cards) {
        return new PriceBookDraft(name, USD, BEGINNING, List.of(cards));
    }

    private static PublishedBook published(Publication publication) {
        return ((Publication.New) publication).published();
    }

    private static List<String> codes(Publication publication) {
        return ((Publication.Refused) publication)
                .refusals().stream().map(Refusal::code).toList();
    }

    private interface Turn<T> {
        T take(int number);
    }

    private static <T> List<T> atOnce(int count, Turn<T> turn) throws Exception {
        CyclicBarrier together = new CyclicBarrier(count);
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                running.add(threads.submit(() -> {
                    together.await();
                    return turn.take(number);
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> each : running) {
                results.add(each.get());
            }
            return results;
        } finally {
            threads.shutdown();
        }
    }
}
