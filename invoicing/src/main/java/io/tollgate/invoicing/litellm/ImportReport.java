package io.tollgate.invoicing.litellm;

import java.util.List;

/**
 * What became of each price in the file, in the file's order.
 *
 * @param lines one for each price of each model, and one for each model that was left out whole
 */
public record ImportReport(List<Line> lines) {

    public ImportReport {
        lines = List.copyOf(lines);
    }

    /** What became of a price. */
    public enum Outcome {
        /** It is in the book. */
        TAKEN,
        /** It is not in the file, and in the book all the same, by a rule. */
        ASSUMED,
        /** It is not in the book. */
        LEFT
    }

    /**
     * One price.
     *
     * @param model the key in the file
     * @param field of the entry; empty where the whole entry is meant
     * @param detail what it became, or why nothing; a phrase for people
     */
    public record Line(String model, String field, Outcome outcome, String detail) {}

    /** How many lines say so. */
    public long count(Outcome outcome) {
        return lines.stream().filter(line -> line.outcome() == outcome).count();
    }
}
