package io.tollgate.invoicing.receivable;

/** How a final invoice stands. Which one follows from its account and the day, so no two can disagree. */
public sealed interface Standing {

    /** {@code open}, {@code overdue}, {@code paid} or {@code void}. */
    String label();

    /** Something is left to pay, and there is time. */
    record Open() implements Standing {
        @Override
        public String label() {
            return "open";
        }
    }

    /** Something is left to pay, and should have been paid. */
    record Overdue() implements Standing {
        @Override
        public String label() {
            return "overdue";
        }
    }

    /** Nothing is left to pay. */
    record Paid() implements Standing {
        @Override
        public String label() {
            return "paid";
        }
    }

    /**
     * Taken back whole.
     *
     * @param voiding by whom and why
     */
    record Voided(Voiding voiding) implements Standing {
        @Override
        public String label() {
            return "void";
        }
    }
}
