package io.tollgate.invoicing.chargeback;

import java.util.List;
import java.util.stream.Collectors;

/** Rules that make no sense together. */
public final class BadRulesException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final transient List<Refusal> refusals;

    /**
     * One reason.
     *
     * @param code stable
     * @param pointer where in the rules, as in RFC 6901
     * @param detail for people
     */
    public record Refusal(String code, String pointer, String detail) {}

    BadRulesException(List<Refusal> refusals) {
        super(refusals.stream().map(Refusal::detail).collect(Collectors.joining("; ")));
        this.refusals = List.copyOf(refusals);
    }

    /** At least one. */
    public List<Refusal> refusals() {
        return refusals;
    }
}
