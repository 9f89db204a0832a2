package io.tollgate.invoicing.terms;

import io.tollgate.invoicing.contract.Commitment;
import io.tollgate.invoicing.contract.Commitment.Unused;
import io.tollgate.invoicing.contract.ContractHistory.Run;
import io.tollgate.invoicing.contract.Days;
import io.tollgate.invoicing.money.Money;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Commitments: what is spent draws them down, one after the other in order of id; each unit of spend counts once. What is
 * left of a stretch when it ends is trued up, or rolled over.
 */
final class Commitments {

    /** A commitment over those days of one stretch on which contracts say exactly that. */
    private record Part(Commitment commitment, Days days) {

        String balance() {
            return Commitments.balance(commitment, days.from());
        }

        Money promised() {
            return commitment.promised(days);
        }

        Money open(Bill bill) {
            return promised().minus(bill.used(balance()));
        }
    }

    /** What a commitment draws of what is spent on some days. */
    private record Draw(Days days, Money amount) {}

    private Commitments() {}

    static void apply(Bill bill) {
        // What is rolled over late is there for what is spent now.
        settleLate(bill);
        List<Draw> draws = new ArrayList<>();
        Set<Commitment> commitments = new LinkedHashSet<>();
        bill.runs(Commitment.class).forEach(run -> commitments.add(run.term()));
        for (Commitment commitment : commitments) {
            // Stretches begin with months, so that a period lies in one of them.
            for (Part part : parts(bill, commitment, commitment.stretchOf(lastDay(bill.days())))) {
                draw(bill, part, draws);
            }
        }
    }

    /**
     * What is open although the invoice that would have settled it is final: because a contract ended it since, or because
     * a note or a voiding gave something back. The next invoice settles it; one that is computed anew, no more than it did.
     */
    private static void settleLate(Bill bill) {
        List<Run<Commitment>> runs = bill.runs(Commitment.class, bill.daysSinceTheFirstContract());
        Map<Part, Boolean> ended = new TreeMap<>(Comparator.comparing(Part::days)
                .thenComparing(part -> part.commitment().id()));
        runs.forEach(run -> over(run)
                .forEach(part ->
                        ended.put(part, part.days().to().equals(run.days().to()))));
        ended.forEach((part, isLast) -> {
            // Of stretches before the first invoice nobody knows anything here.
            boolean isWanted = isPast(bill, part.days()) && (isLast || bill.isKnown(part.balance()));
            Money late = isWanted ? late(bill, part.balance(), part.open(bill)) : bill.zero();
            if (late.signum() > 0) {
                settle(bill, part, part.days(), late);
            }
        });
        for (Run<Commitment> run : runs) {
            if (isPast(bill, run.days()) && runs.stream().noneMatch(other -> goesOn(run, other))) {
                settleRolledOver(bill, run);
            }
        }
    }

    /** By stretches. */
    private static List<Part> over(Run<Commitment> run) {
        List<Part> parts = new ArrayList<>();
        for (LocalDate day = run.days().from(); day.isBefore(run.days().to()); ) {
            Days stretch = run.term().stretchOf(day);
            parts.add(new Part(run.term(), stretch.within(run.days()).orElseThrow()));
            day = stretch.to();
        }
        return parts;
    }

    private static boolean isPast(Bill bill, Days days) {
        return !days.to().isAfter(bill.days().from()) && bill.isClosed(YearMonth.from(lastDay(days)));
    }

    private static Money late(Bill bill, String balance, Money open) {
        return bill.isNext() ? open : open.min(bill.settledAlready(balance));
    }

    /** Whether what the one rolled over is open in the other. */
    private static boolean goesOn(Run<Commitment> one, Run<Commitment> other) {
        return other.term().id().equals(one.term().id())
                && other.days().from().equals(one.days().to());
    }

    private static void settleRolledOver(Bill bill, Run<Commitment> ended) {
        String balance = balance(ended.term(), ended.days().to());
        Money rolledOver = late(bill, balance, bill.used(balance).negated());
        if (rolledOver.signum() > 0) {
            bill.settle(balance, rolledOver, bill.zero());
            add(
                    bill,
                    ended.term(),
                    ended.days(),
                    rolledOver + " were rolled over to days that the commitment does not have any more, and trued up",
                    rolledOver);
        }
    }

    private static String balance(Commitment commitment, LocalDate from) {
        return "commitment " + commitment.id() + " from " + from;
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

    /** Draws down what is spent on the part's days of the period, if it has any. */
    private static void draw(Bill bill, Part part, List<Draw> draws) {
        Optional<Days> here = part.days().within(bill.days());
        if (here.isEmpty()) {
            return;
        }
        Money spent = undrawn(bill, here.get(), draws).min(undrawn(bill, bill.days(), draws));
        // What a later invoice settled was not used only as far as nobody knew of this.
        Money open = part.promised().minus(bill.drawn(part.balance()));
        Money drawn = spent.min(open).max(bill.zero());
        bill.draw(part.balance(), drawn, part.promised());
        Money left = part.open(bill);
        add(
                bill,
                part.commitment(),
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
        draws.add(new Draw(here.get(), drawn));
    }

    /** What is spent on some days and not drawn by others on these very days. */
    private static Money undrawn(Bill bill, Days some, List<Draw> draws) {
        Money undrawn = bill.spentOn(some);
        for (Draw draw : draws) {
            if (draw.days().within(some).equals(Optional.of(draw.days()))) {
                undrawn = undrawn.minus(draw.amount());
            }
        }
        return undrawn;
    }

    private static void settle(Bill bill, Part part, Days here, Money left) {
        Optional<Part> next = part.commitment().unused() == Unused.ROLL_OVER ? following(bill, part) : Optional.empty();
        bill.settle(part.balance(), left, part.promised());
        if (next.isPresent()) {
            bill.draw(next.get().balance(), left.negated(), next.get().promised());
            add(
                    bill,
                    part.commitment(),
                    here,
                    left + " are not used and roll over to " + next.get().days(),
                    bill.zero());
        } else {
            add(bill, part.commitment(), here, left + " are not used and trued up", left);
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

    private static void add(Bill bill, Commitment commitment, Days days, String explanation, Money amount) {
        bill.add(new Entry(Step.COMMITMENT, commitment.id(), commitment.description(), days, explanation, amount));
    }
}
