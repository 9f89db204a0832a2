package io.tollgate.invoicing.pricing;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;

/**
 * A price per package, of which only whole ones are sold: one unit more than a package costs two. Units that are
 * {@linkplain MeterPrice#included() included} come first and are in no package.
 *
 * @param amount of one package, in major units of the book's currency; not negative
 * @param size units in a package; positive
 */
public record PackagePrice(BigDecimal amount, BigInteger size) implements Price {

    public PackagePrice {
        amount = Exact.amount(amount, "a package's price");
        Exact.positive(size, "a package's size");
    }

    @Override
    public PackagePrice times(BigDecimal factor) {
        return new PackagePrice(amount.multiply(factor), size);
    }

    @Override
    public List<Charge> charges(BigInteger position, BigInteger total) {
        BigInteger packages = position.add(size).subtract(BigInteger.ONE).divide(size);
        return List.of(Charge.packages(packages, size, new UnitPrice(amount, 1)));
    }
}
