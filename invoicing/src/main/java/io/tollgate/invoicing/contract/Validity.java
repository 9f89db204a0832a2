package io.tollgate.invoicing.contract;

import java.time.LocalDate;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The days that a term of a contract is good for, as far as its contract is in force.
 *
 * @param from the first; empty for no start of its own
 * @param to the first that it is no longer good for, after {@code from}; empty for no end of its own
 */
public record Validity(Optional<LocalDate> from, Optional<LocalDate> to) {

    public static final Validity ALWAYS = new Validity(Optional.empty(), Optional.empty());

    public Validity {
        if (from.isPresent() && to.isPresent() && !from.get().isBefore(to.get())) {
            throw new IllegalArgumentException(
                    "it ends on " + to.get() + ", which is not after its start on " + from.get());
        }
    }

    /** Those of the days that it is good for, if any. */
    public Optional<Days> within(Days days) {
        LocalDate start = from.filter(day -> day.isAfter(days.from())).orElse(days.from());
        LocalDate end = to.filter(day -> day.isBefore(days.to())).orElse(days.to());
        return start.isBefore(end) ? Optional.of(new Days(start, end)) : Optional.empty();
    }

    Stream<LocalDate> bounds() {
        return Stream.concat(from.stream(), to.stream());
    }
}
