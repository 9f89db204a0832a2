package io.tollgate.invoicing.invoice;

import java.util.Arrays;

/**
 * The number of an issued document: without gaps within its issuing entity and series, in the order of issue.
 *
 * @param number from 1
 */
public record DocumentNumber(Series series, long number) {

    /** Documents that are numbered together. */
    public enum Series {
        INVOICE("invoice", "INV"),
        CREDIT_NOTE("credit_note", "CRN"),
        DEBIT_NOTE("debit_note", "DBN");

        private final String label;
        private final String prefix;

        Series(String label, String prefix) {
            this.label = label;
            this.prefix = prefix;
        }

        /** Stable, for programs. */
        public String label() {
            return label;
        }

        /** @throws IllegalArgumentException if none is labelled so */
        public static Series labelled(String label) {
            return Arrays.stream(values())
                    .filter(series -> series.label.equals(label))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no series is labelled " + label));
        }
    }

    public DocumentNumber {
        if (number < 1) {
            throw new IllegalArgumentException("numbers count from 1, not " + number);
        }
    }

    /** {@code INV-000042}. */
    @Override
    public String toString() {
        return "%s-%06d".formatted(series.prefix, number);
    }
}
