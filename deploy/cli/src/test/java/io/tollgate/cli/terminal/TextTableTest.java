package io.tollgate.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class TextTableTest {

    @Test
    void namesStandLeftAndNumbersRight() {
        String table = new TextTable()
                .left("Meter")
                .right("Quantity")
                .right("Amount")
                .row("input_tokens", TextTable.quantity(18_059_974), TextTable.decimal(new BigDecimal("45.15")))
                .row("output_tokens", TextTable.quantity(245_896), TextTable.decimal(new BigDecimal("2.46")))
                .footer("Total", "", "47.61")
                .render();
        assertThat(table).isEqualTo("""
                         Meter         |   Quantity | Amount
                        ---------------+------------+--------
                         input_tokens  | 18,059,974 |  45.15
                         output_tokens |    245,896 |   2.46
                        ---------------+------------+--------
                         Total         |            |  47.61
                        """);
    }

    @Test
    void aTableWithoutRowsShowsItsHeadings() {
        assertThat(new TextTable().left("A").right("B").render()).contains("A").contains("B");
    }

    @Test
    void noCellDrawsOnTheTerminal() {
        String table =
                new TextTable().left("Tenant").row("a\u001B[31m\nb\u009B").render();
        assertThat(table).contains("a [31m b").doesNotContain("\u001B").doesNotContain("\u009B");
    }

    @Test
    void longCellsAreNotCut() {
        String cell = "x".repeat(500);
        assertThat(new TextTable().left("A").row(cell).render()).contains(cell);
    }

    @Test
    void everyRowHasEveryColumn() {
        TextTable table = new TextTable().left("A").right("B");
        assertThatThrownBy(() -> table.row("1")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void numbersAreExactAndLookTheSameInEveryLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertThat(TextTable.quantity(Long.MIN_VALUE)).isEqualTo("-9,223,372,036,854,775,808");
            assertThat(TextTable.decimal(new BigDecimal("1234567890123456789.000000001")))
                    .isEqualTo("1,234,567,890,123,456,789.000000001");
            assertThat(TextTable.decimal(new BigDecimal("0.50"))).isEqualTo("0.50");
            assertThat(TextTable.decimal(new BigDecimal("-1E+4"))).isEqualTo("-10,000");
        } finally {
            Locale.setDefault(before);
        }
    }
}
