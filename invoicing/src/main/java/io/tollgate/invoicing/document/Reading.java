package io.tollgate.invoicing.document;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a document part by part, and keeps all that is wrong with it, and where. */
public final class Reading {

    private static final int YEAR_MAX = 9_999;

    private static final int DIGITS_MAX = 64;

    private final List<Fault> faults = new ArrayList<>();

    /**
     * Something wrong in a document.
     *
     * @param code stable
     * @param pointer where, as in RFC 6901; empty for the whole document
     * @param detail for people
     */
    public record Fault(String code, String pointer, String detail) {}

    /** The document makes no sense. */
    public static final class FaultsException extends IllegalArgumentException {

        private static final long serialVersionUID = 1L;

        private final transient List<Fault> faults;

        FaultsException(List<Fault> faults) {
            super(faults.stream()
                    .map(fault -> fault.pointer() + ": " + fault.detail())
                    .collect(Collectors.joining("; ")));
            this.faults = List.copyOf(faults);
        }

        /** At least one. */
        public List<Fault> faults() {
            return faults;
        }
    }

    /** Reads what stands at a pointer; what is wrong there is kept as {@code invalid_value}. */
    <T> Optional<T> at(String pointer, Supplier<T> part) {
        try {
            return Optional.of(part.get());
        } catch (IllegalArgumentException e) {
            faults.add(new Fault("invalid_value", pointer, String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    /** Reads the elements of an array; an absent one has none. */
    <D, T> List<T> each(String pointer, Optional<List<D>> documents, Function<D, T> element) {
        List<D> all = documents.orElse(List.of());
        List<T> read = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            D document = all.get(i);
            at(pointer + "/" + i, () -> element.apply(required(document, "the element")))
                    .ifPresent(read::add);
        }
        return read;
    }

    void fault(String code, String pointer, String detail) {
        faults.add(new Fault(code, pointer, detail));
    }

    /** @throws FaultsException if there are any */
    void requireNoFaults() {
        if (!faults.isEmpty()) {
            throw new FaultsException(faults);
        }
    }

    /** JSON can say null where Java's types do not. */
    static <T> T required(@Nullable T value, String name) {
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value;
    }

    static BigDecimal decimal(@Nullable String text, String name) {
        if (!required(text, name).matches("[0-9]{1," + DIGITS_MAX + "}(\\.[0-9]{1," + DIGITS_MAX + "})?")) {
            throw new IllegalArgumentException(name + " must be decimal digits such as \"2.50\", not \"" + text + "\"");
        }
        return new BigDecimal(text);
    }

    static BigInteger quantity(@Nullable String text, String name) {
        if (!required(text, name).matches("[0-9]{1," + DIGITS_MAX + "}")) {
            throw new IllegalArgumentException(
                    name + " must be a whole number such as \"1000000\", not \"" + text + "\"");
        }
        return new BigInteger(text);
    }

    static LocalDate day(@Nullable String text, String name) {
        try {
            LocalDate day = LocalDate.parse(required(text, name));
            // PostgreSQL knows others, but not all that Java does.
            if (day.getYear() < 1 || day.getYear() > YEAR_MAX) {
                throw new IllegalArgumentException(name + " must be in the years 1 to " + YEAR_MAX + ", not " + day);
            }
            return day;
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(name + " must be a day such as 2026-11-01, not \"" + text + "\"", e);
        }
    }
}
