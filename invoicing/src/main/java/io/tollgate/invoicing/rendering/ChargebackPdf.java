package io.tollgate.invoicing.rendering;

import com.samskivert.mustache.Template;
import io.tollgate.invoicing.document.ChargebackDocument;
import java.time.Instant;
import java.util.Optional;

/** Whose cost a month is, as PDF. The same report, time and branding make the same bytes. */
public final class ChargebackPdf {

    private static final Template TEMPLATE = Printer.template("chargeback.mustache");

    private final Branding branding;
    private final Printer printer;

    public ChargebackPdf(Branding branding) {
        this.branding = branding;
        this.printer = new Printer(branding);
    }

    /**
     * Prints a report.
     *
     * @param run its number, if it was kept
     * @param at when it was made
     */
    public byte[] write(ChargebackDocument report, Optional<Integer> run, Instant at) {
        return printer.print(TEMPLATE.execute(ChargebackPage.of(report, run, at, branding, printer.fontFamily())), at);
    }
}
