package io.tollgate.invoicing.document;

import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.pricing.CostRate;
import io.tollgate.invoicing.pricing.FlatFee;
import io.tollgate.invoicing.pricing.MeterPrice;
import io.tollgate.invoicing.pricing.PackagePrice;
import io.tollgate.invoicing.pricing.Price;
import io.tollgate.invoicing.pricing.Rate;
import io.tollgate.invoicing.pricing.TieredPrice;
import io.tollgate.invoicing.pricing.TieredPrice.Mode;
import io.tollgate.invoicing.pricing.UnitPrice;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The price of a meter as JSON. Amounts, percentages and quantities are strings of decimal digits. Which of the first
 * members it has is a matter of its model; the last four go with any.
 *
 * @param model {@code per_unit} when absent
 * @param amount in major units of the currency: per so many units, of a flat fee, or of a package
 * @param percent of a cost
 * @param multiplier of a cost
 * @param per how many units the amount buys, or how many units of a cost meter are one major unit of the currency; has no
 *     default, because a forgotten million would be a million times the price
 * @param tiers by growing bounds
 * @param chargeFlatFeeAtZero whether the first tier's flat fee is due without usage; false when absent
 * @param size units in a package
 * @param included units of a period that cost nothing, before all others
 * @param minimum what a period with usage costs at least
 * @param maximum what a period costs at most
 * @param family whose total counts: all prices that name it count together
 */
@Schema(name = "Price")
public record PriceDocument(
        @Schema(allowableValues = {"per_unit", "flat", "graduated", "volume", "package", "percentage", "cost_plus"})
        Optional<String> model,

        Optional<String> amount,
        Optional<String> percent,
        Optional<String> multiplier,
        Optional<Long> per,
        Optional<List<Tier>> tiers,
        Optional<Boolean> chargeFlatFeeAtZero,
        Optional<String> size,
        Optional<String> included,
        Optional<String> minimum,
        Optional<String> maximum,
        Optional<String> family) {

    private static final String PER_UNIT = "per_unit";
    private static final String FLAT = "flat";
    private static final String GRADUATED = "graduated";
    private static final String VOLUME = "volume";
    private static final String PACKAGE = "package";
    private static final String PERCENTAGE = "percentage";
    private static final String COST_PLUS = "cost_plus";
    private static final int DIGITS_MAX = 64;

    /** What each model may have beside the members that go with any. */
    private static final Map<String, Set<String>> MEMBERS = Map.of(
            PER_UNIT, Set.of("amount", "per"),
            FLAT, Set.of("amount"),
            GRADUATED, Set.of("tiers", "chargeFlatFeeAtZero"),
            VOLUME, Set.of("tiers", "chargeFlatFeeAtZero"),
            PACKAGE, Set.of("amount", "size"),
            PERCENTAGE, Set.of("percent", "per"),
            COST_PLUS, Set.of("multiplier", "per"));

    /**
     * A tier: a rate, and perhaps a fee.
     *
     * @param upTo the last unit in it; absent in the last tier
     * @param amount per so many units, in major units of the currency; or else
     * @param percent of a cost; or else
     * @param multiplier of a cost
     * @param flatFee due once when the tier is reached, or chosen
     */
    @Schema(name = "PriceTier")
    public record Tier(
            Optional<String> upTo,
            Optional<String> amount,
            Optional<String> percent,
            Optional<String> multiplier,
            Optional<Long> per,
            Optional<String> flatFee) {}

    /** The price as it is stored and shown: in the one form that equal prices have. */
    public static PriceDocument of(MeterPrice terms, Currency currency) {
        Price price = terms.price();
        Optional<TieredPrice> tiered = as(TieredPrice.class, price);
        return new PriceDocument(
                Optional.of(modelOf(price)).filter(model -> !model.equals(PER_UNIT)),
                as(FlatFee.class, price)
                        .map(FlatFee::amount)
                        .or(() -> as(PackagePrice.class, price).map(PackagePrice::amount))
                        .map(amount -> digits(amount, currency))
                        .or(() -> amount(price, currency)),
                figure(price, CostRate.Form.PERCENT),
                figure(price, CostRate.Form.MULTIPLIER),
                per(price),
                tiered.map(each ->
                        each.tiers().stream().map(tier -> tier(tier, currency)).toList()),
                tiered.map(TieredPrice::chargeFlatFeeAtZero).filter(charged -> charged),
                as(PackagePrice.class, price).map(each -> each.size().toString()),
                Optional.of(terms.included())
                        .filter(units -> units.signum() > 0)
                        .map(BigInteger::toString),
                terms.minimum().map(least -> digits(least, currency)),
                terms.maximum().map(most -> digits(most, currency)),
                terms.family());
    }

    private static Tier tier(TieredPrice.Tier tier, Currency currency) {
        return new Tier(
                tier.upTo().map(BigInteger::toString),
                amount(tier.rate(), currency),
                figure(tier.rate(), CostRate.Form.PERCENT),
                figure(tier.rate(), CostRate.Form.MULTIPLIER),
                per(tier.rate()),
                Optional.of(tier.flatFee()).filter(fee -> fee.signum() > 0).map(fee -> digits(fee, currency)));
    }

    private static String modelOf(Price price) {
        if (price instanceof TieredPrice tiered) {
            return tiered.mode() == Mode.GRADUATED ? GRADUATED : VOLUME;
        }
        if (price instanceof CostRate cost) {
            return cost.form() == CostRate.Form.PERCENT ? PERCENTAGE : COST_PLUS;
        }
        return price instanceof FlatFee ? FLAT : price instanceof PackagePrice ? PACKAGE : PER_UNIT;
    }

    private static Optional<String> amount(Price price, Currency currency) {
        return as(UnitPrice.class, price).map(unit -> digits(unit.amount(), currency));
    }

    private static Optional<Long> per(Price price) {
        return as(Rate.class, price).map(Rate::per);
    }

    private static Optional<String> figure(Price price, CostRate.Form form) {
        return as(CostRate.class, price)
                .filter(cost -> cost.form() == form)
                .map(cost -> cost.figure().toPlainString());
    }

    private static <T extends Price> Optional<T> as(Class<T> kind, Price price) {
        return Optional.of(price).filter(kind::isInstance).map(kind::cast);
    }

    private static String digits(BigDecimal amount, Currency currency) {
        return new Money(amount, currency).digits();
    }

    /** @throws IllegalArgumentException if the document makes no sense; the message is meant for its author */
    public static MeterPrice read(@Nullable PriceDocument document, String meter) {
        if (document == null) {
            throw new IllegalArgumentException("the price of " + meter + " is missing");
        }
        try {
            return new MeterPrice(
                    document.price(),
                    document.included.map(text -> quantity(text, "included")).orElse(BigInteger.ZERO),
                    document.minimum.map(text -> decimal(text, "minimum")),
                    document.maximum.map(text -> decimal(text, "maximum")),
                    document.family);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the price of " + meter + ": " + e.getMessage(), e);
        }
    }

    private Price price() {
        String kind = model.orElse(PER_UNIT);
        refuseMembersOfOthers(kind);
        return switch (kind) {
            case FLAT -> new FlatFee(decimal(amount, "amount"));
            case PACKAGE -> new PackagePrice(decimal(amount, "amount"), quantity(given(size, "size"), "size"));
            case GRADUATED, VOLUME ->
                new TieredPrice(
                        kind.equals(GRADUATED) ? Mode.GRADUATED : Mode.VOLUME,
                        given(tiers, "tiers").stream().map(PriceDocument::tier).toList(),
                        chargeFlatFeeAtZero.orElse(false));
            default -> rate(kind, amount, percent, multiplier, per);
        };
    }

    private static Rate rate(
            String kind,
            Optional<String> amount,
            Optional<String> percent,
            Optional<String> multiplier,
            Optional<Long> per) {
        return switch (kind) {
            case PERCENTAGE -> new CostRate(CostRate.Form.PERCENT, decimal(percent, "percent"), given(per, "per"));
            case COST_PLUS ->
                new CostRate(CostRate.Form.MULTIPLIER, decimal(multiplier, "multiplier"), given(per, "per"));
            default -> new UnitPrice(decimal(amount, "amount"), given(per, "per"));
        };
    }

    private void refuseMembersOfOthers(String kind) {
        Set<String> allowed = MEMBERS.get(kind);
        if (allowed == null) {
            throw new IllegalArgumentException("there is no model \"" + kind + "\"; there is per_unit, flat, graduated,"
                    + " volume, package, percentage and cost_plus");
        }
        Map<String, Optional<?>> members = new LinkedHashMap<>();
        members.put("amount", amount);
        members.put("per", per);
        members.put("percent", percent);
        members.put("multiplier", multiplier);
        members.put("tiers", tiers);
        members.put("chargeFlatFeeAtZero", chargeFlatFeeAtZero);
        members.put("size", size);
        members.forEach((member, value) -> {
            if (value.isPresent() && !allowed.contains(member)) {
                throw new IllegalArgumentException("a price of the model " + kind + " has no \"" + member + "\"");
            }
        });
    }

    private static TieredPrice.Tier tier(@Nullable Tier tier) {
        if (tier == null) {
            throw new IllegalArgumentException("a tier is missing");
        }
        if (Stream.of(tier.amount, tier.percent, tier.multiplier)
                        .filter(Optional::isPresent)
                        .count()
                != 1) {
            throw new IllegalArgumentException("a tier has one of amount, percent and multiplier");
        }
        String kind = tier.percent.isPresent() ? PERCENTAGE : tier.multiplier.isPresent() ? COST_PLUS : PER_UNIT;
        return new TieredPrice.Tier(
                tier.upTo.map(text -> quantity(text, "upTo")),
                rate(kind, tier.amount, tier.percent, tier.multiplier, tier.per),
                tier.flatFee.map(text -> decimal(text, "flatFee")).orElse(BigDecimal.ZERO));
    }

    private static <T> T given(Optional<T> member, String name) {
        return member.orElseThrow(() -> new IllegalArgumentException("\"" + name + "\" is missing"));
    }

    private static BigDecimal decimal(Optional<String> member, String name) {
        return decimal(given(member, name), name);
    }

    private static BigDecimal decimal(String text, String name) {
        if (!text.matches("[0-9]{1," + DIGITS_MAX + "}(\\.[0-9]{1," + DIGITS_MAX + "})?")) {
            throw new IllegalArgumentException(name + " must be decimal digits such as \"2.50\", not \"" + text + "\"");
        }
        return new BigDecimal(text);
    }

    private static BigInteger quantity(String text, String name) {
        if (!text.matches("[0-9]{1," + DIGITS_MAX + "}")) {
            throw new IllegalArgumentException(
                    name + " must be a whole number such as \"1000000\", not \"" + text + "\"");
        }
        return new BigInteger(text);
    }
}
