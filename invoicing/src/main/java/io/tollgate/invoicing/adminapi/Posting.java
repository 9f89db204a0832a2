package io.tollgate.invoicing.adminapi;

import io.tollgate.invoicing.money.Money;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;

/**
 * What something cost, at a time.
 *
 * @param at lies in the bucket that it belongs to
 * @param used {@link Used#NOTHING} of what is no usage
 * @param charge what it is for, if it is no usage
 * @param quantity of usage, in the meter's base unit
 * @param amount exact
 */
record Posting(Instant at, Used used, Optional<String> charge, Optional<BigInteger> quantity, Money amount) {

    static Posting ofUsage(Instant at, Used used, BigInteger quantity, Money amount) {
        return new Posting(at, used, Optional.empty(), Optional.of(quantity), amount);
    }

    static Posting ofCharge(Instant at, String charge, Money amount) {
        return new Posting(at, Used.NOTHING, Optional.of(charge), Optional.empty(), amount);
    }

    /** As OpenAI names what costs something: {@code gpt-4o, input_tokens}. */
    String lineItem() {
        String model = used.product().model();
        return charge.orElseGet(() -> model.isEmpty() ? used.meter() : model + ", " + used.meter());
    }
}
