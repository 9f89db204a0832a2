package io.tollgate.invoicing.rendering;

import com.samskivert.mustache.Template;

/** An invoice as PDF. The same invoice and branding make the same bytes. */
public final class InvoicePdf {

    private static final Template TEMPLATE = Printer.template("invoice.mustache");

    private final Branding branding;
    private final Printer printer;

    public InvoicePdf(Branding branding) {
        this.branding = branding;
        this.printer = new Printer(branding);
    }

    public byte[] write(InvoiceContent invoice) {
        String html = TEMPLATE.execute(InvoicePage.of(invoice, branding, printer.fontFamily()));
        return printer.print(html, invoice.at());
    }
}
