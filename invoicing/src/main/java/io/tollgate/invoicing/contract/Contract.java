package io.tollgate.invoicing.contract;

import io.tollgate.invoicing.pricing.PriceBookDraft;
import io.tollgate.invoicing.tax.Party;
import io.tollgate.invoicing.tax.TaxExemption;
import io.tollgate.invoicing.usage.Whose;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a tenant has agreed to, from some day on. Days are those of its billing zone.
 *
 * @param tenant one that can be billed
 * @param effectiveFrom first day that it applies on, in the years 2000 to 9999; earlier versions apply until then
 * @param effectiveTo first day that it no longer applies on: the tenant ends; empty for no end
 * @param book name of the price book
 * @param currency of the invoices and of all amounts here but those of prices
 * @param priceCurrency of the book and the overrides; if another, lines are converted by the issuer's rates
 * @param timeZone whose midnights begin days and months
 * @param paymentTermDays how many days after an invoice is final it is due, 0 to 365
 * @param billing empty if invoices say nothing of parties and tax
 * @param overrides rate cards that win over the book's; their draft's name says nothing
 * @param terms in order of their ids, which are all different
 * @param members tenants whose usage is billed by this contract, too, on its tenant's invoices and by its terms; for whole
 *     months, see {@link ContractHistory#members(java.time.YearMonth)}
 */
public record Contract(
        String tenant,
        LocalDate effectiveFrom,
        Optional<LocalDate> effectiveTo,
        String book,
        Currency currency,
        Currency priceCurrency,
        ZoneId timeZone,
        int paymentTermDays,
        Optional<Billing> billing,
        PriceBookDraft overrides,
        List<Term> terms,
        SortedSet<String> members) {

    private static final int TERM_DAYS_MAX = 365;
    private static final int YEAR_MIN = 2000;
    private static final int YEAR_MAX = 9999;

    /**
     * Who bills whom.
     *
     * @param issuer name of the issuer
     * @param exemption what is agreed on tax, where that overrules what follows from where the parties are
     */
    public record Billing(String issuer, Party buyer, Optional<TaxExemption> exemption) {}

    /** Of a tenant that pays for itself alone. */
    public Contract(
            String tenant,
            LocalDate effectiveFrom,
            Optional<LocalDate> effectiveTo,
            String book,
            Currency currency,
            Currency priceCurrency,
            ZoneId timeZone,
            int paymentTermDays,
            Optional<Billing> billing,
            PriceBookDraft overrides,
            List<Term> terms) {
        this(
                tenant,
                effectiveFrom,
                effectiveTo,
                book,
                currency,
                priceCurrency,
                timeZone,
                paymentTermDays,
                billing,
                overrides,
                terms,
                new TreeSet<>());
    }

    public Contract {
        if (!Whose.isBillable(tenant)) {
            throw new IllegalArgumentException("\"" + tenant + "\" is not a tenant");
        }
        if (effectiveFrom.getYear() < YEAR_MIN || effectiveFrom.getYear() > YEAR_MAX) {
            throw new IllegalArgumentException("a contract starts in the years 2000 to 9999, not on " + effectiveFrom);
        }
        if (effectiveTo.isPresent() && !effectiveFrom.isBefore(effectiveTo.get())) {
            throw new IllegalArgumentException(
                    "the contract ends on " + effectiveTo.get() + ", which is not after its start on " + effectiveFrom);
        }
        if (!PriceBookDraft.canBeNamed(book)) {
            throw new IllegalArgumentException("a price book cannot be named \"" + book + "\"");
        }
        if (paymentTermDays < 0 || paymentTermDays > TERM_DAYS_MAX) {
            throw new IllegalArgumentException(
                    "an invoice is due after 0 to " + TERM_DAYS_MAX + " days, not " + paymentTermDays);
        }
        if (currency.getDefaultFractionDigits() < 0) {
            throw new IllegalArgumentException("nothing can be billed in " + currency);
        }
        if (!currency.equals(priceCurrency) && billing.isEmpty()) {
            throw new IllegalArgumentException("prices in " + priceCurrency + " are billed in " + currency
                    + " by an issuer's rates, so the contract needs an issuer");
        }
        // Contracts that differ in the order of their terms say the same, and must be equal.
        terms = terms.stream().sorted(Comparator.comparing(Term::id)).toList();
        Set<String> ids = new HashSet<>();
        for (Term term : terms) {
            if (!ids.add(term.id())) {
                throw new IllegalArgumentException("two terms have the id \"" + term.id() + "\"");
            }
        }
        members = Collections.unmodifiableSortedSet(new TreeSet<>(members));
        if (members.contains(tenant)) {
            throw new IllegalArgumentException(tenant + " is billed by its own contract, and no member of it");
        }
        for (String member : members) {
            if (!Whose.isBillable(member)) {
                throw new IllegalArgumentException("\"" + member + "\" is not a tenant");
            }
        }
    }

    public boolean isInForceOn(LocalDate day) {
        return !day.isBefore(effectiveFrom) && effectiveTo.map(day::isBefore).orElse(true);
    }
}
