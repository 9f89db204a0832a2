package io.tollgate.invoicing.contract;

/** Something that a contract says about money. The order in which a contract gives its terms says nothing. */
public sealed interface Term permits Bundle, Reservation, Discount, SpendBound, Commitment, Credit {

    /** What a term's identity may be. */
    String ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    /** Names it among the terms of its contract, and from version to version: balances are kept under it. */
    String id();

    Validity validity();

    /** @throws IllegalArgumentException if it is no identity */
    static void requireId(String id) {
        if (!id.matches(ID)) {
            throw new IllegalArgumentException(
                    "an id has 1 to 64 of letters, digits and . _ -, and starts with a letter" + " or digit; \"" + id
                            + "\" does not");
        }
    }
}
