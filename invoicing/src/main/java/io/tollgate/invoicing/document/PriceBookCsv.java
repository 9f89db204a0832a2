package io.tollgate.invoicing.document;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import io.tollgate.invoicing.document.PriceBookDocument.Card;
import io.tollgate.invoicing.pricing.PriceBookDraft;
import io.tollgate.invoicing.pricing.ProductDimension;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A price book as a table (RFC 4180, UTF-8, with a header): one row for each rate card and meter. Every row names its
 * book. An empty cell says nothing: any value, the card's derived name, the book's own start, no end.
 *
 * <p>It holds prices per unit. Tiers, packages, fees, percentages, included units, bounds and families it cannot hold, nor
 * cards that match an empty value; YAML holds everything.
 */
public final class PriceBookCsv {

    private static final List<String> OF_BOOK = List.of("book", "currency", "effectiveFrom");
    private static final List<String> OF_CARD = List.of("card", "cardFrom", "cardTo");
    private static final List<String> OF_PRICE = List.of("meter", "amount", "per");
    private static final List<String> DIMENSIONS =
            Stream.of(ProductDimension.values()).map(ProductDimension::label).toList();
    private static final List<String> COLUMNS = Stream.of(OF_BOOK, OF_CARD, DIMENSIONS, OF_PRICE)
            .flatMap(List::stream)
            .toList();

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private PriceBookCsv() {}

    /** What the table cannot hold of the book, each as a sentence; empty if it holds all of it. */
    public static List<String> notHeld(PriceBookDraft book) {
        List<String> notHeld = new ArrayList<>();
        if (book.cards().isEmpty()) {
            notHeld.add("a book without cards has no row to stand on");
        }
        book.cards().forEach(card -> {
            card.match().named().forEach((dimension, value) -> {
                if (value.isEmpty()) {
                    notHeld.add("rate card \"" + card.name() + "\" matches an empty " + dimension.label()
                            + ", and an empty cell means any");
                }
            });
            card.prices().forEach((meter, price) -> {
                if (!isPerUnit(PriceDocument.of(price, book.currency()))) {
                    notHeld.add(
                            "the price of " + meter + " on rate card \"" + card.name() + "\" is more than per unit");
                }
            });
        });
        return notHeld;
    }

    private static boolean isPerUnit(PriceDocument price) {
        return price.equals(perUnit(price.amount(), price.per()));
    }

    private static PriceDocument perUnit(Optional<String> amount, Optional<Long> per) {
        return new PriceDocument(
                Optional.empty(),
                amount,
                Optional.empty(),
                Optional.empty(),
                per,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** @throws IllegalArgumentException if it {@linkplain #notHeld cannot hold} the book */
    public static String write(PriceBookDraft book) {
        List<String> notHeld = notHeld(book);
        if (!notHeld.isEmpty()) {
            throw new IllegalArgumentException(notHeld.get(0));
        }
        PriceBookDocument document = PriceBookDocument.brief(book);
        StringWriter text = new StringWriter();
        try (CsvWriter csv = CsvWriter.builder().build(text)) {
            csv.writeRecord(COLUMNS);
            for (Card card : document.cards()) {
                card.prices().forEach((meter, price) -> csv.writeRecord(row(document, card, meter, price)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static List<String> row(PriceBookDocument book, Card card, String meter, PriceDocument price) {
        List<String> row = new ArrayList<>(List.of(
                book.name(),
                book.currency(),
                book.effectiveFrom().toString(),
                card.name().orElse(""),
                card.effectiveFrom().map(Instant::toString).orElse(""),
                card.effectiveTo().map(Instant::toString).orElse("")));
        DIMENSIONS.forEach(dimension ->
                row.add(card.match().map(match -> match.get(dimension)).orElse("")));
        row.add(meter);
        row.add(price.amount().orElse(""));
        row.add(price.per().map(String::valueOf).orElse(""));
        return row;
    }

    /** What rows of one card have in common. */
    private record CardKey(
            Optional<String> name, SortedMap<String, String> match, Optional<Instant> from, Optional<Instant> to) {}

    /**
     * Reads such a table. Columns may come in any order; those of cards and dimensions may be missing.
     *
     * @throws IllegalArgumentException if the text is no such table, or the book makes no sense; the message names the line
     */
    public static PriceBookDocument read(String text) {
        String table = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
        Map<CardKey, SortedMap<String, PriceDocument>> cards = new LinkedHashMap<>();
        List<String> book = new ArrayList<>();
        try (CsvReader<NamedCsvRecord> rows = CsvReader.builder().ofNamedCsvRecord(table)) {
            for (NamedCsvRecord row : rows) {
                try {
                    read(row, book, cards);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(
                            "line " + row.getStartingLineNumber() + ": " + e.getMessage(), e);
                }
            }
        } catch (CsvParseException e) {
            throw new IllegalArgumentException("not CSV: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (book.isEmpty()) {
            throw new IllegalArgumentException("there is no row beside the header");
        }
        return new PriceBookDocument(
                book.get(0),
                book.get(1),
                instant(book.get(2)),
                cards.entrySet().stream()
                        .map(card -> new Card(
                                card.getKey().name(),
                                Optional.of(card.getKey().match()),
                                card.getValue(),
                                card.getKey().from(),
                                card.getKey().to()))
                        .toList());
    }

    private static void read(
            NamedCsvRecord row, List<String> book, Map<CardKey, SortedMap<String, PriceDocument>> cards) {
        for (String column : row.getHeader()) {
            if (!COLUMNS.contains(column)) {
                throw new IllegalArgumentException(
                        "there is no column \"" + column + "\"; there are " + String.join(", ", COLUMNS));
            }
        }
        List<String> ofBook = OF_BOOK.stream().map(column -> given(row, column)).toList();
        if (book.isEmpty()) {
            book.addAll(ofBook);
        } else if (!book.equals(ofBook)) {
            throw new IllegalArgumentException("a table is of one book, and the first row names another");
        }
        SortedMap<String, String> match = new TreeMap<>();
        DIMENSIONS.forEach(dimension -> cell(row, dimension).ifPresent(value -> match.put(dimension, value)));
        CardKey key = new CardKey(
                cell(row, "card"),
                match,
                cell(row, "cardFrom").map(PriceBookCsv::instant),
                cell(row, "cardTo").map(PriceBookCsv::instant));
        String meter = given(row, "meter");
        PriceDocument price = perUnit(Optional.of(given(row, "amount")), Optional.of(whole(given(row, "per"))));
        // As it will be read later, so that the line can still be named.
        PriceDocument.read(price, meter);
        if (cards.computeIfAbsent(key, each -> new TreeMap<>()).putIfAbsent(meter, price) != null) {
            throw new IllegalArgumentException("the same card prices " + meter + " twice");
        }
    }

    private static Optional<String> cell(NamedCsvRecord row, String column) {
        return row.findField(column).filter(value -> !value.isEmpty());
    }

    private static String given(NamedCsvRecord row, String column) {
        return cell(row, column).orElseThrow(() -> new IllegalArgumentException(column + " is missing"));
    }

    private static long whole(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("per must be a whole number such as 1000000, not \"" + text + "\"", e);
        }
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("an instant reads 2026-01-01T00:00:00Z, and not \"" + text + "\"", e);
        }
    }
}
