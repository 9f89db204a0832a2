package io.tollgate.invoicing.terms;

import io.tollgate.invoicing.contract.Commitment;
import io.tollgate.invoicing.contract.Commitment.Unused;
import io.tollgate.invoicing.contract.ContractHistory.Run;
import io.tollgate.invoicing.contract.Days;
import io.tollgate.invoicing.money.Money;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Commitments: what is spent draws them down, one after the other in order of id; each unit of spend counts once. What is
 * left of a stretch when it ends is trued up, or rolled over.
 */
final class Commitments {

    /** A commitment over those days of one stretch on which contracts say exactly that. */
    private record Part(Commitment commitment, Days days) {

        String balance() {
            return "commitment " + commitment.id() + " from " + days.from();
        }

        Money promised() {
            return commitment.promised(days);
        }

        Money open(Bill bill) {
            return promised().minus(bill.used(balance()));
        }
    }

    private Commitments() {}

    static void apply(Bill bill) {
        Money drawnByOthers = bill.zero();
        Set<Commitment> commitments = new LinkedHashSet<>();
        bill.runs(Commitment.class).forEach(run -> commitments.add(run.term()));
        for (Commitment commitment : commitments) {
            // Stretches begin with months, so that a period lies in one of them.
            for (Part part : parts(bill, commitment, commitment.stretchOf(lastDay(bill.days())))) {
                drawnByOthers = drawnByOthers.plus(draw(bill, part, drawnByOthers));
            }
        }
        settleLate(bill);
    }

    /**
     * What a contract ended after the invoice was final that would have settled it. (Before it is final, it settles it
     * itself.)
     */
    private static void settleLate(Bill bill) {
        for (Run<Commitment> run : bill.runs(Commitment.class, bill.daysSinceTheFirstContract())) {
            LocalDate last = run.days().to().minusDays(1);
            if (!run.days().to().isAfter(bill.days().from()) && bill.isClosed(YearMonth.from(last))) {
                parts(bill, run.term(), run.term().stretchOf(last)).stream()
                        .filter(part -> part.days().to().equals(run.days().to()))
                        .filter(part -> part.open(bill).signum() > 0)
                        .forEach(part -> settle(bill, part, part.days(), part.open(bill)));
            }
        }
    }

    private static LocalDate lastDay(Days days) {
        return days.to().minusDays(1);
    }

    private static List<Part> parts(Bill bill, Commitment commitment, Days stretch) {
        return bill.runs(Commitment.class, stretch).stream()
                .filter(run -> run.term().equals(commitment))
                .map(run -> new Part(commitment, run.days()))
                .sorted(Comparator.comparing(Part::days))
                .toList();
    }

    /** What it draws of the period's spend; nothing if it is not of this period. */
    private static Money draw(Bill bill, Part part, Money drawnByOthers) {
        Optional<Days> here = part.days().within(bill.days());
        if (here.isEmpty()) {
            return bill.zero();
        }
        Money spent = bill.spentOn(here.get())
                .plus(bill.sum(Step.MAXIMUM_SPEND))
                .plus(bill.sum(Step.MINIMUM_SPEND))
                .minus(drawnByOthers)
                .max(bill.zero());
        Money open = part.open(bill);
        Money drawn = spent.min(open).max(bill.zero());
        Money left = open.minus(drawn);
        bill.post(part.balance(), drawn, part.promised());
        add(
                bill,
                part,
                here.get(),
                "commitment of " + part.days() + ": "
                        + Prorated.text(
                                part.commitment().promisedFrom(part.days().from()),
                                part.days(),
                                part.commitment().stretchOf(part.days().from()))
                        + "; open " + open + ", of which " + drawn + " are drawn down by what is spent; left " + left,
                bill.zero());
        if (!part.days().to().isAfter(bill.days().to()) && left.signum() > 0) {
            settle(bill, part, here.get(), left);
        }
        return drawn;
    }

    private static void settle(Bill bill, Part part, Days here, Money left) {
        Optional<Part> next = part.commitment().unused() == Unused.ROLL_OVER ? following(bill, part) : Optional.empty();
        bill.post(part.balance(), left, part.promised());
        if (next.isPresent()) {
            bill.post(next.get().balance(), left.negated(), next.get().promised());
            add(
                    bill,
                    part,
                    here,
                    left + " are not used and roll over to " + next.get().days(),
                    bill.zero());
        } else {
            add(bill, part, here, left + " are not used and trued up", left);
        }
    }

    private static Optional<Part> following(Bill bill, Part part) {
        Days after = part.days();
        return part.commitment().days().contains(after.to())
                ? parts(bill, part.commitment(), part.commitment().stretchOf(after.to())).stream()
                        .filter(next -> next.days().from().equals(after.to()))
                        .findFirst()
                : Optional.empty();
    }

    private static void add(Bill bill, Part part, Days days, String explanation, Money amount) {
        bill.add(new Entry(
                Step.COMMITMENT, part.commitment().id(), part.commitment().description(), days, explanation, amount));
    }
}
