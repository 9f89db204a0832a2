package io.tollgate.invoicing.receivable;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.Fixtures;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.receivable.Account.Change;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** What holds of an account whatever happens to its invoice, in whatever order. */
class AccountProperties {

    private static final LocalDate DUE = LocalDate.of(2024, 1, 1);
    private static final Voiding VOIDING = new Voiding("Ada", "a mistake", Instant.parse("2023-12-03T00:00:00Z"));

    /** Something that may happen. */
    interface Happening {
        Change to(Account account);
    }

    @Provide
    Arbitrary<List<Happening>> happenings() {
        Arbitrary<Happening> payment = Combinators.combine(
                        Arbitraries.integers().between(1, 6),
                        Arbitraries.integers().between(1, 700))
                .as((reference, cents) ->
                        account -> account.pay(new Payment("bank-" + reference, cents(cents), DUE.minusDays(1))));
        Arbitrary<Happening> note = Arbitraries.integers()
                .between(-900, 300)
                .filter(cents -> cents != 0)
                .map(cents -> account -> account.note(cents(cents), DUE.plusDays(30)));
        Arbitrary<Happening> voiding = Arbitraries.just(account -> account.take(VOIDING));
        return Arbitraries.frequencyOf(Tuple.of(6, payment), Tuple.of(4, note), Tuple.of(1, voiding))
                .list()
                .ofMaxSize(12);
    }

    @Property
    void creditsNeverExceedTheInvoiceAndNothingIsForgotten(
            @ForAll @IntRange(max = 1500) int total, @ForAll("happenings") List<Happening> happenings) {
        Account account = Account.of(cents(total), Optional.of(DUE));
        for (Happening happening : happenings) {
            Change change = happening.to(account);
            if (change instanceof Change.Made made) {
                assertThat(made.account()).isNotEqualTo(account);
                account = made.account();
            } else if (change instanceof Change.None none) {
                assertThat(none.account()).isEqualTo(account);
            }
            assertThat(account.invoiced().amount()).isNotNegative();
            assertThat(account.balance()).isEqualTo(account.invoiced().minus(account.paid()));
            assertThat(account.payments().stream().map(Payment::reference)).doesNotHaveDuplicates();
        }
    }

    @Property
    void howItStandsFollowsFromBalanceAndDay(
            @ForAll @IntRange(max = 1500) int total,
            @ForAll("happenings") List<Happening> happenings,
            @ForAll @IntRange(min = -5, max = 5) int days) {
        Account account = after(Account.of(cents(total), Optional.of(DUE)), happenings);
        Standing standing = account.on(DUE.plusDays(days));

        assertThat(standing instanceof Standing.Voided)
                .isEqualTo(account.voiding().isPresent());
        if (account.voiding().isPresent()) {
            assertThat(account.invoiced().amount()).isZero();
        } else {
            assertThat(standing instanceof Standing.Paid)
                    .isEqualTo(account.balance().amount().signum() <= 0);
            Money notDue = account.notes().stream()
                    .map(Account.Corrected::amount)
                    .filter(amount -> amount.amount().signum() > 0)
                    .reduce(cents(0), Money::plus);
            assertThat(standing instanceof Standing.Overdue)
                    .isEqualTo(account.balance().minus(notDue).amount().signum() > 0 && days > 0);
            assertThat(account.on(DUE.plusDays(31)) instanceof Standing.Overdue)
                    .isEqualTo(account.balance().amount().signum() > 0);
        }
    }

    @Property
    void whatHappenedAlreadyChangesNothing(
            @ForAll @IntRange(min = 1, max = 1500) int total, @ForAll @IntRange(min = 1, max = 700) int paid) {
        Payment payment = new Payment("bank-1", cents(paid), DUE);
        Account account = after(Account.of(cents(total), Optional.of(DUE)), List.of(each -> each.pay(payment)));

        assertThat(account.pay(payment)).isEqualTo(new Change.None(account));
        assertThat(account.pay(new Payment("bank-1", cents(paid + 1), DUE))).isInstanceOf(Change.Refused.class);
    }

    @Property
    void whatIsVoidStaysVoid(
            @ForAll @IntRange(max = 1500) int total, @ForAll("happenings") List<Happening> happenings) {
        Account taken = after(Account.of(cents(total), Optional.of(DUE)), List.of(each -> each.take(VOIDING)));

        assertThat(after(taken, happenings)).isEqualTo(taken);
    }

    private static Account after(Account account, List<Happening> happenings) {
        Account now = account;
        for (Happening happening : happenings) {
            if (happening.to(now) instanceof Change.Made made) {
                now = made.account();
            }
        }
        return now;
    }

    private static Money cents(int cents) {
        return new Money(BigDecimal.valueOf(cents, 2), Fixtures.USD);
    }
}
