package io.tollgate.invoicing.rendering;

import com.helger.ubl21.UBL21Marshaller;
import io.tollgate.invoicing.document.PartyDocument;
import io.tollgate.invoicing.rendering.InvoiceContent.Correction;
import io.tollgate.invoicing.rendering.InvoiceContent.Item;
import io.tollgate.invoicing.rendering.InvoiceContent.Tax;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import oasis.names.specification.ubl.schema.xsd.commonaggregatecomponents_21.AddressType;
import oasis.names.specification.ubl.schema.xsd.commonaggregatecomponents_21.AllowanceChargeType;
import oasis.names.specification.ubl.schema.xsd.commonaggregatecomponents_21.BillingReferenceType;
import oasis.names.specification.ubl.schema.xsd.commonaggregatecomponents_21.CountryType;
import oasis.names.specification.ubl.schema.xsd.commonaggregatecomponents_21.CustomerPartyType;
import oasis.names.specification.ubl.schema.xsd.commonaggregatecomponents_21.DeliveryType;
import oasis.names.specification.ubl.schema.xsd.commonaggregatecomponents_21.DocumentReferenceType;
import oasis.names.specification.ubl.schema.xsd.commonaggregatecomponents_21.InvoiceLineType;
import oasis.names.specification.ubl.schema.xsd.commonaggregatecomponents_21.ItemPropertyType;
import oasis.names.specification.ubl.schema.xsd.commonaggregatecomponents_21.ItemType;
import oasis.names.specification.ubl.schema.xsd.commonaggregatecomponents_21.LocationType;
import oasis.names.specification.ubl.schema.xsd.commonaggregatecomponents_21.MonetaryTotalType;
import oasis.names.specification.ubl.schema.xsd.commonaggregatecomponents_21.PeriodType;
import oasis.names.specification.ubl.schema.xsd.commonaggregatecomponents_21.PriceType;
import oasis.names.specification.ubl.schema.xsd.commonaggregatecomponents_21.SupplierPartyType;
import oasis.names.specification.ubl.schema.xsd.commonaggregatecomponents_21.TaxCategoryType;
import oasis.names.specification.ubl.schema.xsd.commonaggregatecomponents_21.TaxSubtotalType;
import oasis.names.specification.ubl.schema.xsd.commonaggregatecomponents_21.TaxTotalType;
import oasis.names.specification.ubl.schema.xsd.commonbasiccomponents_21.AllowanceChargeReasonType;
import oasis.names.specification.ubl.schema.xsd.commonbasiccomponents_21.DescriptionType;
import oasis.names.specification.ubl.schema.xsd.commonbasiccomponents_21.NoteType;
import oasis.names.specification.ubl.schema.xsd.commonbasiccomponents_21.TaxExemptionReasonType;
import oasis.names.specification.ubl.schema.xsd.invoice_21.InvoiceType;

/**
 * A final invoice or a note as UBL 2.1, as EN 16931-1 has its content and CEN/TS 16931-3-2 its syntax. What a contract adds before
 * tax is a line, because it is sold; what it takes off is an allowance of the document; credits are prepaid.
 */
public final class InvoiceUbl {

    private static final String EN_16931 = "urn:cen.eu:en16931:2017";
    /** Commercial invoice, of UNTDID 1001; a credit note is 381, in a document type of its own. */
    private static final String COMMERCIAL_INVOICE = "380";

    private static final String DEBIT_NOTE = "383";
    /** "One", of UN/ECE recommendation 20, which knows no tokens. */
    static final String ONE = "C62";

    private static final String OUT_OF_SCOPE = "O";
    private static final String INTRA_COMMUNITY_SUPPLY = "K";
    /** Of the CEF's VATEX list, where a category has one alone. */
    private static final Map<String, String> REASON_CODES = Map.of(
            "AE", "VATEX-EU-AE", INTRA_COMMUNITY_SUPPLY, "VATEX-EU-IC", "G", "VATEX-EU-G", OUT_OF_SCOPE, "VATEX-EU-O");

    private final InvoiceContent invoice;
    private final Tax tax;
    private final PartyDocument seller;
    private final PartyDocument buyer;

    private InvoiceUbl(InvoiceContent invoice) {
        this.invoice = invoice;
        // A contract has one buyer and one issuer, so an invoice has one rate, and every line has it.
        if (invoice.taxes().size() != 1) {
            throw new IllegalStateException(
                    invoice.number() + " has several rates of tax, and its lines do not say whose");
        }
        this.tax = invoice.taxes().get(0);
        this.seller = invoice.seller().orElseThrow();
        this.buyer = invoice.buyer().orElseThrow();
    }

    /** What has to be there before it can be written; none if nothing is missing. */
    public static List<Shortcoming> shortcomings(InvoiceContent invoice) {
        return Shortcoming.of(invoice);
    }

    /**
     * XML in UTF-8.
     *
     * @throws IllegalArgumentException if something is missing
     */
    public static byte[] write(InvoiceContent invoice) {
        List<Shortcoming> missing = shortcomings(invoice);
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("it cannot be written as EN 16931 has it: " + missing);
        }
        InvoiceType said = new InvoiceUbl(invoice).document();
        byte[] xml = invoice.correction().filter(Correction::isCredit).isPresent()
                ? UBL21Marshaller.creditNote().setFormattedOutput(true).getAsBytes(CreditNoteUbl.of(invoice, said))
                : UBL21Marshaller.invoice().setFormattedOutput(true).getAsBytes(said);
        if (xml == null) {
            throw new IllegalStateException(invoice.number() + " has no UBL form");
        }
        return xml;
    }

    private InvoiceType document() {
        InvoiceType document = new InvoiceType();
        document.setCustomizationID(EN_16931);
        document.setID(invoice.number());
        document.setIssueDate(invoice.issuedOn());
        invoice.dueOn().ifPresent(document::setDueDate);
        document.setInvoiceTypeCode(invoice.correction().isPresent() ? DEBIT_NOTE : COMMERCIAL_INVOICE);
        invoice.correction().ifPresent(note -> {
            document.addNote(new NoteType(note.reason()));
            document.addBillingReference(preceding(note));
        });
        document.setDocumentCurrencyCode(invoice.currency());
        if (!isOutOfScope()) {
            document.setTaxPointDate(invoice.days().last());
        }
        document.addInvoicePeriod(period(invoice.days()));
        SupplierPartyType supplier = new SupplierPartyType();
        supplier.setParty(UblParty.of(seller, invoice.issuer(), !isOutOfScope()));
        document.setAccountingSupplierParty(supplier);
        CustomerPartyType customer = new CustomerPartyType();
        customer.setParty(UblParty.of(buyer, Optional.of(invoice.tenant()), !isOutOfScope()));
        document.setAccountingCustomerParty(customer);
        if (tax.category().equals(INTRA_COMMUNITY_SUPPLY)) {
            document.addDelivery(delivery());
        }
        for (Item item : invoice.items()) {
            document.addInvoiceLine(line(document.getInvoiceLineCount() + 1, item));
        }
        for (Item term : invoice.terms()) {
            if (term.amount().signum() > 0) {
                document.addInvoiceLine(line(document.getInvoiceLineCount() + 1, term));
            } else if (term.amount().signum() < 0) {
                document.addAllowanceCharge(allowance(term));
            }
        }
        document.addTaxTotal(taxTotal());
        document.setLegalMonetaryTotal(totals());
        return document;
    }

    /** BG-3. */
    private static BillingReferenceType preceding(Correction note) {
        DocumentReferenceType invoice = new DocumentReferenceType();
        invoice.setID(note.invoice());
        note.issuedOn().ifPresent(invoice::setIssueDate);
        BillingReferenceType reference = new BillingReferenceType();
        reference.setInvoiceDocumentReference(invoice);
        return reference;
    }

    private boolean isOutOfScope() {
        return tax.category().equals(OUT_OF_SCOPE);
    }

    /** Where it went: goods within the Union need it (BR-IC-12). */
    private DeliveryType delivery() {
        CountryType country = new CountryType();
        country.setIdentificationCode(buyer.country());
        AddressType address = new AddressType();
        address.setCountry(country);
        LocationType location = new LocationType();
        location.setAddress(address);
        DeliveryType delivery = new DeliveryType();
        delivery.setActualDeliveryDate(invoice.days().last());
        delivery.setDeliveryLocation(location);
        return delivery;
    }

    private InvoiceLineType line(int number, Item item) {
        InvoiceLineType line = new InvoiceLineType();
        line.setID(Integer.toString(number));
        line.setLineExtensionAmount(item.amount()).setCurrencyID(invoice.currency());
        line.addInvoicePeriod(period(item.days()));
        ItemType sold = new ItemType();
        sold.setName(item.description());
        sold.addDescription(new DescriptionType(item.explanation()));
        sold.addClassifiedTaxCategory(category());
        item.usedBy().ifPresent(tenant -> {
            // BG-32, for what the standard has no element of its own for.
            ItemPropertyType user = new ItemPropertyType();
            user.setName("Used by");
            user.setValue(tenant);
            sold.addAdditionalItemProperty(user);
        });
        line.setItem(sold);
        PriceType price = new PriceType();
        InvoiceContent.Count count = count(item);
        line.setInvoicedQuantity(count.quantity()).setUnitCode(ONE);
        price.setPriceAmount(count.unitPrice()).setCurrencyID(invoice.currency());
        price.setBaseQuantity(count.per()).setUnitCode(ONE);
        line.setPrice(price);
        return line;
    }

    /** A price has a sign nowhere in EN 16931 (BR-27), and no tiers: what is no plain price is one piece at its amount. */
    private static InvoiceContent.Count count(Item item) {
        return item.count()
                .orElseGet(() -> new InvoiceContent.Count(
                        item.amount().signum() < 0 ? BigDecimal.ONE.negate() : BigDecimal.ONE,
                        item.amount().abs(),
                        BigDecimal.ONE,
                        false));
    }

    private AllowanceChargeType allowance(Item term) {
        AllowanceChargeType allowance = new AllowanceChargeType();
        allowance.setChargeIndicator(false);
        allowance.addAllowanceChargeReason(new AllowanceChargeReasonType(term.description()));
        allowance.setAmount(term.amount().negate()).setCurrencyID(invoice.currency());
        allowance.addTaxCategory(category());
        return allowance;
    }

    private TaxCategoryType category() {
        TaxCategoryType category = new TaxCategoryType();
        category.setID(tax.category());
        if (!isOutOfScope()) {
            // Out of scope there is no rate, not a rate of zero (BR-O-05).
            category.setPercent(tax.percent());
        }
        category.setTaxScheme(UblParty.vat());
        return category;
    }

    private TaxTotalType taxTotal() {
        TaxCategoryType category = category();
        tax.reason().ifPresent(reason -> {
            Optional.ofNullable(REASON_CODES.get(tax.category())).ifPresent(category::setTaxExemptionReasonCode);
            category.addTaxExemptionReason(new TaxExemptionReasonType(reason));
        });
        TaxSubtotalType subtotal = new TaxSubtotalType();
        subtotal.setTaxableAmount(tax.taxable()).setCurrencyID(invoice.currency());
        subtotal.setTaxAmount(tax.amount()).setCurrencyID(invoice.currency());
        subtotal.setTaxCategory(category);
        TaxTotalType total = new TaxTotalType();
        total.setTaxAmount(tax.amount()).setCurrencyID(invoice.currency());
        total.addTaxSubtotal(subtotal);
        return total;
    }

    private MonetaryTotalType totals() {
        BigDecimal allowances = BigDecimal.ZERO;
        for (Item term : invoice.terms()) {
            allowances = allowances.add(term.amount().min(BigDecimal.ZERO).negate());
        }
        String currency = invoice.currency();
        MonetaryTotalType totals = new MonetaryTotalType();
        totals.setLineExtensionAmount(invoice.net().add(allowances)).setCurrencyID(currency);
        totals.setTaxExclusiveAmount(invoice.net()).setCurrencyID(currency);
        totals.setTaxInclusiveAmount(invoice.total()).setCurrencyID(currency);
        if (allowances.signum() > 0) {
            totals.setAllowanceTotalAmount(allowances).setCurrencyID(currency);
        }
        BigDecimal paid = invoice.total().subtract(invoice.due());
        if (paid.signum() != 0) {
            totals.setPrepaidAmount(paid).setCurrencyID(currency);
        }
        totals.setPayableAmount(invoice.due()).setCurrencyID(currency);
        return totals;
    }

    private static PeriodType period(InvoiceContent.Days days) {
        PeriodType period = new PeriodType();
        period.setStartDate(days.first());
        period.setEndDate(days.last());
        return period;
    }
}
