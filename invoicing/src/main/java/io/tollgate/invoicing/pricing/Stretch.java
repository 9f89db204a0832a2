package io.tollgate.invoicing.pricing;

import java.math.BigInteger;

/**
 * Where some usage lies among all that counts together in a period: after the first {@code from} units, up to
 * {@code to}. What was taken back runs backwards.
 *
 * @param total of all that counts together, which may choose the tier; zero where nothing else counts
 */
public record Stretch(BigInteger from, BigInteger to, BigInteger total) {

    /** Of usage that costs the same wherever it lies. */
    public static Stretch alone(BigInteger quantity) {
        return new Stretch(BigInteger.ZERO, quantity, BigInteger.ZERO);
    }

    public BigInteger quantity() {
        return to.subtract(from);
    }

    /** With the usage that lies next. */
    public Stretch then(Stretch next) {
        return new Stretch(from, to.add(next.quantity()), total);
    }
}
