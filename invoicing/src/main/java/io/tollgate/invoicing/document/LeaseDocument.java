package io.tollgate.invoicing.document;

import io.tollgate.invoicing.budget.Amounts;
import io.tollgate.invoicing.budget.Lease;
import io.tollgate.invoicing.budget.Lease.Settlement;
import io.tollgate.invoicing.budget.Subject;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A lease as it is kept. */
public record LeaseDocument(
        String id,
        String tenant,
        Optional<String> project,
        SortedMap<String, String> tags,
        Spending held,
        Instant grantedAt,
        Instant expiresAt,
        Optional<Spending> spent,
        Optional<Instant> settledAt) {

    /** Amounts, as decimal digits. */
    public record Spending(Optional<String> money, SortedMap<String, String> meters) {

        public static Spending of(Amounts amounts) {
            SortedMap<String, String> meters = new TreeMap<>();
            amounts.meters().forEach((meter, quantity) -> meters.put(meter, quantity.toString()));
            return new Spending(amounts.money().map(BigDecimal::toPlainString), meters);
        }

        /** @throws IllegalArgumentException if a number is none */
        public static Amounts amounts(Optional<String> money, Map<String, String> meters) {
            SortedMap<String, BigInteger> quantities = new TreeMap<>();
            meters.forEach((meter, quantity) ->
                    quantities.put(Reading.required(meter, "a meter"), Reading.quantity(quantity, meter)));
            return new Amounts(money.map(digits -> Reading.decimal(digits, "money")), quantities);
        }

        Amounts amounts() {
            return amounts(money, meters);
        }
    }

    public static LeaseDocument of(Lease lease) {
        return new LeaseDocument(
                lease.id(),
                lease.subject().tenant(),
                lease.subject().project(),
                lease.subject().tags(),
                Spending.of(lease.held()),
                lease.grantedAt(),
                lease.expiresAt(),
                lease.settlement().map(settled -> Spending.of(settled.spent())),
                lease.settlement().map(Settlement::at));
    }

    public Lease toLease() {
        return new Lease(
                id,
                new Subject(tenant, project, tags),
                held.amounts(),
                grantedAt,
                expiresAt,
                spent.flatMap(amounts -> settledAt.map(at -> new Settlement(amounts.amounts(), at))));
    }
}
