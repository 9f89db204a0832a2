package io.tollgate.invoicing.rendering;

import oasis.names.specification.ubl.schema.xsd.commonaggregatecomponents_21.CreditNoteLineType;
import oasis.names.specification.ubl.schema.xsd.commonaggregatecomponents_21.InvoiceLineType;
import oasis.names.specification.ubl.schema.xsd.commonbasiccomponents_21.NoteType;
import oasis.names.specification.ubl.schema.xsd.creditnote_21.CreditNoteType;
import oasis.names.specification.ubl.schema.xsd.invoice_21.InvoiceType;

/** A credit note in UBL, where it is a document type of its own, with the content of an invoice. */
final class CreditNoteUbl {

    /** Of UNTDID 1001. */
    private static final String CREDIT_NOTE = "381";

    private CreditNoteUbl() {}

    /**
     * What an invoice would say, as a credit note.
     *
     * @param content of a credit note
     * @param said the same as an invoice
     */
    static CreditNoteType of(InvoiceContent content, InvoiceType said) {
        CreditNoteType note = new CreditNoteType();
        note.setCustomizationID(said.getCustomizationID());
        note.setID(said.getID());
        note.setIssueDate(said.getIssueDate());
        note.setTaxPointDate(said.getTaxPointDate());
        note.setCreditNoteTypeCode(CREDIT_NOTE);
        content.correction().ifPresent(why -> note.addNote(new NoteType(why.reason())));
        note.setDocumentCurrencyCode(said.getDocumentCurrencyCode());
        note.setInvoicePeriod(said.getInvoicePeriod());
        note.setBillingReference(said.getBillingReference());
        note.setAccountingSupplierParty(said.getAccountingSupplierParty());
        note.setAccountingCustomerParty(said.getAccountingCustomerParty());
        note.setDelivery(said.getDelivery());
        note.setAllowanceCharge(said.getAllowanceCharge());
        note.setTaxTotal(said.getTaxTotal());
        note.setLegalMonetaryTotal(said.getLegalMonetaryTotal());
        said.getInvoiceLine().forEach(line -> note.addCreditNoteLine(line(line)));
        return note;
    }

    private static CreditNoteLineType line(InvoiceLineType said) {
        CreditNoteLineType line = new CreditNoteLineType();
        line.setID(said.getID());
        line.setCreditedQuantity(said.getInvoicedQuantityValue()).setUnitCode(InvoiceUbl.ONE);
        line.setLineExtensionAmount(said.getLineExtensionAmount());
        line.setInvoicePeriod(said.getInvoicePeriod());
        line.setItem(said.getItem());
        line.setPrice(said.getPrice());
        return line;
    }
}
