package io.tollgate.cli.terminal;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import com.github.freva.asciitable.OverflowBehaviour;
import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A table of plain text: columns as wide as their content, names to the left, numbers to the right, no blanks at the ends
 * of lines. The same in every locale and on every terminal.
 */
public final class TextTable {

    /** Wider than anything that is shown, so that the library never cuts a figure. */
    private static final int WIDEST = 1_000_000;

    private record Heading(String text, HorizontalAlign align) {}

    private final List<Heading> headings = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();
    private Optional<List<String>> footer = Optional.empty();

    /** Adds a column whose cells begin on the left: names, times, sentences. */
    public TextTable left(String heading) {
        headings.add(new Heading(harmless(heading), HorizontalAlign.LEFT));
        return this;
    }

    /** Adds a column whose cells end on the right: quantities and money. */
    public TextTable right(String heading) {
        headings.add(new Heading(harmless(heading), HorizontalAlign.RIGHT));
        return this;
    }

    /**
     * Adds a row. Control characters in a cell are shown as blanks, because a tenant's text must not be able to draw on an
     * operator's terminal.
     *
     * @throws IllegalArgumentException when there are not as many cells as columns
     */
    public TextTable row(String... cells) {
        rows.add(checked(cells));
        return this;
    }

    /**
     * Sets the last row, set off by a line: totals.
     *
     * @throws IllegalArgumentException when there are not as many cells as columns
     */
    public TextTable footer(String... cells) {
        footer = Optional.of(checked(cells));
        return this;
    }

    /** The table, each line ended by a line feed. */
    public String render() {
        List<ColumnData<List<String>>> columns = new ArrayList<>();
        for (int i = 0; i < headings.size(); i++) {
            columns.add(column(i));
        }
        return AsciiTable.getTable(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS_NO_OUTSIDE_BORDER, rows, columns)
                .lines()
                .map(line -> line.stripTrailing() + "\n")
                .collect(Collectors.joining());
    }

    /** A whole number with a comma between thousands: {@code 18,059,974}. */
    public static String quantity(long amount) {
        return format(0).format(amount);
    }

    /** A decimal with a comma between thousands and all the decimals that it has: {@code 1,234.50}. Nothing is rounded. */
    public static String decimal(BigDecimal amount) {
        return format(Math.max(0, amount.scale())).format(amount);
    }

    private ColumnData<List<String>> column(int index) {
        Heading heading = headings.get(index);
        Column column = new Column()
                .header(heading.text())
                .headerAlign(heading.align())
                .dataAlign(heading.align())
                .footerAlign(heading.align())
                .maxWidth(WIDEST, OverflowBehaviour.CLIP_RIGHT);
        footer.ifPresent(cells -> column.footer(cells.get(index)));
        return column.with(row -> row.get(index));
    }

    private List<String> checked(String... cells) {
        if (cells.length != headings.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + headings.size() + " columns");
        }
        List<String> harmless = new ArrayList<>();
        for (String cell : cells) {
            harmless.add(harmless(cell));
        }
        return harmless;
    }

    private static DecimalFormat format(int decimals) {
        DecimalFormat format = new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ROOT));
        format.setMinimumFractionDigits(decimals);
        format.setMaximumFractionDigits(decimals);
        return format;
    }

    private static String harmless(String cell) {
        return cell.codePoints()
                .map(point -> Character.isISOControl(point) ? ' ' : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
