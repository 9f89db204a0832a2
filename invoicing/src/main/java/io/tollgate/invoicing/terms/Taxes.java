package io.tollgate.invoicing.terms;

import io.tollgate.invoicing.contract.Contract.Billing;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.tax.Issuer;
import io.tollgate.invoicing.tax.TaxTreatment;
import java.time.LocalDate;
import java.util.Optional;

/** Tax on all that is sold, at the rate of the period's last day, which is when the service was rendered whole. */
final class Taxes {

    private Taxes() {}

    static void apply(Bill bill) {
        bill.contract()
                .billing()
                .ifPresent(billing -> bill.issuer()
                        .ifPresentOrElse(
                                issuer -> tax(bill, billing, issuer),
                                () -> bill.miss("no_issuer", "there is no issuer named \"" + billing.issuer() + "\"")));
    }

    private static void tax(Bill bill, Billing billing, Issuer issuer) {
        LocalDate taxPoint = bill.days().to().minusDays(1);
        Optional<TaxTreatment> treatment = issuer.treatment(billing.buyer(), billing.exemption(), taxPoint);
        if (treatment.isEmpty()) {
            bill.miss(
                    "no_tax_rate",
                    "issuer " + issuer.name() + " knows no rate of tax in "
                            + billing.buyer().country() + " on " + taxPoint);
            return;
        }
        TaxTreatment how = treatment.get();
        Money taxable = bill.total();
        Money tax = taxable.percent(how.percent()).rounded();
        bill.add(new TaxShare(how, taxable, tax));
        bill.add(new Entry(
                Step.TAX,
                how.category().name(),
                "tax: " + how.category().detail() + ", " + how.jurisdiction(),
                bill.days(),
                how.reason().orElseGet(() -> explain(how, taxable, tax)),
                tax));
    }

    private static String explain(TaxTreatment how, Money taxable, Money tax) {
        Money exact = taxable.percent(how.percent());
        return how.percent().toPlainString() + " % of " + taxable + " = " + exact
                + (exact.equals(tax) ? "" : ", rounded " + tax);
    }
}
