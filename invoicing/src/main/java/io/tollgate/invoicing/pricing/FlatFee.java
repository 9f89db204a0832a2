package io.tollgate.invoicing.pricing;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * A fee that is due once in a period with any usage, however much.
 *
 * @param amount in major units of the book's currency; not negative
 */
public record FlatFee(BigDecimal amount) implements Price {

    public FlatFee {
        amount = Exact.amount(amount, "a flat fee");
    }

    @Override
    public FlatFee times(BigDecimal factor) {
        return new FlatFee(amount.multiply(factor));
    }

    @Override
    public List<Charge> charges(BigInteger position, BigInteger total) {
        return List.of(
                Charge.flatFee(position.signum() > 0 ? amount : BigDecimal.ZERO, BigInteger.ZERO, Optional.empty()));
    }
}
