package io.tollgate.invoicing.rendering;

import static io.tollgate.invoicing.Contracts.NOVEMBER;
import static io.tollgate.invoicing.Contracts.SWEDISH_BUYER;
import static io.tollgate.invoicing.Fixtures.AFTER;
import static io.tollgate.invoicing.Fixtures.book;
import static io.tollgate.invoicing.Fixtures.gpt4o;
import static io.tollgate.invoicing.Fixtures.gpt4oCard;
import static io.tollgate.invoicing.Fixtures.history;
import static io.tollgate.invoicing.Fixtures.usage;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.helger.diagnostics.error.IError;
import com.helger.diver.api.coord.DVRCoordinate;
import com.helger.phive.api.execute.ValidationExecutionManager;
import com.helger.phive.api.executorset.ValidationExecutorSetRegistry;
import com.helger.phive.api.validity.IValidityDeterminator;
import com.helger.phive.en16931.EN16931Validation;
import com.helger.phive.xml.source.IValidationSourceXML;
import com.helger.phive.xml.source.ValidationSourceXML;
import com.helger.xml.serialize.read.DOMReader;
import io.tollgate.invoicing.Contracts;
import io.tollgate.invoicing.Fixtures;
import io.tollgate.invoicing.document.BilledDocuments;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.InvoiceDocument;
import io.tollgate.invoicing.document.NoteDocument;
import io.tollgate.invoicing.document.RangeDocument;
import io.tollgate.invoicing.document.StatementDocument;
import io.tollgate.invoicing.invoice.Adjustment;
import io.tollgate.invoicing.invoice.DocumentNumber;
import io.tollgate.invoicing.invoice.DocumentNumber.Series;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.invoice.InvoiceStatus;
import io.tollgate.invoicing.invoice.InvoiceStatus.Issue;
import io.tollgate.invoicing.invoice.Note;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

/** Notes as JSON, pinned, and as the documents that are made of it. */
class NoteDocumentsTest {

    private static final String TERMS = SWEDISH_BUYER + ",'paymentTermDays':30,"
            + "'discounts':[{'id':'d','description':'Partner','percent':'10'}],"
            + "'credits':[{'id':'c','description':'Prepaid','amount':'40','grantedOn':'2023-01-01'}]";
    private static final ValidationExecutorSetRegistry<IValidationSourceXML> RULES =
            new ValidationExecutorSetRegistry<>();

    static {
        EN16931Validation.initEN16931(RULES);
    }

    private static Invoice invoice(String terms, long inputTokens) {
        return Contracts.invoice(
                        Contracts.history(Contracts.acme(terms)),
                        history(book(gpt4oCard())),
                        List.of(usage(Fixtures.NOVEMBER, "acme", gpt4o(), Map.of("input_tokens", inputTokens))))
                .as(new InvoiceStatus.Final(AFTER));
    }

    /** Over what so many tokens cost more than the others. */
    private static NoteDocument note(String terms, long billed, long now) {
        Invoice current = invoice(terms, now);
        Adjustment difference = Adjustment.of(
                BilledDocuments.of(List.of(CanonicalJson.write(InvoiceDocument.of(invoice(terms, billed)))))
                        .billed(List.of()),
                current);
        Note note = new Note(
                new InvoiceId("acme", NOVEMBER, 2),
                new Issue(new DocumentNumber(Note.kindOf(difference), 7), LocalDate.of(2024, 1, 1)),
                new InvoiceId("acme", NOVEMBER, 1),
                new DocumentNumber(Series.INVOICE, 42).toString(),
                AFTER,
                List.of(),
                difference,
                "usage was corrected",
                AFTER.plusSeconds(86_400));
        return CanonicalJson.read(
                CanonicalJson.write(NoteDocument.of(
                        note,
                        RangeDocument.of(current.period().range()),
                        current.statement().map(StatementDocument::of))),
                NoteDocument.class);
    }

    private static NoteDocument credit() {
        return note(TERMS, 40_000_000, 12_000_000);
    }

    private static NoteDocument debit() {
        return note(TERMS, 12_000_000, 40_000_000);
    }

    @Test
    void notesHaveTheBytesOfTheGoldenOnes() throws IOException {
        assertThat(pretty(credit())).isEqualTo(text("credit-note.json"));
        assertThat(pretty(debit())).isEqualTo(text("debit-note.json"));
    }

    @Test
    void aCreditNoteIsValidAndNamesItsInvoice() {
        String xml = valid(credit(), EN16931Validation.VID_UBL_CREDIT_NOTE_1316);

        assertThat(xml)
                .contains(">381<", ">INV-000042<", ">2023-12-02<", ">usage was corrected<")
                .contains(">78.75<");
        valid(note(SWEDISH_BUYER, 12_345_678, 12_341_671), EN16931Validation.VID_UBL_CREDIT_NOTE_1316);
        valid(note(Rendered.GERMAN_BUYER, 12_345_678, 345_671), EN16931Validation.VID_UBL_CREDIT_NOTE_1316);
    }

    @Test
    void aDebitNoteIsValidAndSoIsOneOfNothing() {
        assertThat(valid(debit(), EN16931Validation.VID_UBL_INVOICE_1316)).contains(">383<", ">INV-000042<");
        String nothing = valid(
                note(SWEDISH_BUYER + ",'minimumSpend':'100'", 4_000_000, 12_000_000),
                EN16931Validation.VID_UBL_INVOICE_1316);
        assertThat(nothing).contains("PayableAmount currencyID=\"USD\">0.00<");
    }

    @Test
    void theColumnOfAmountsAddsUpToWhatIsDueMore() {
        String csv = new String(InvoiceCsv.write(credit()), StandardCharsets.UTF_8);

        BigDecimal sum = csv.lines()
                .skip(1)
                .map(row -> row.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1))
                .map(columns -> new BigDecimal(columns[columns.length - 2]))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(csv).contains("acme.2023-11.2,credit_note,acme");
        assertThat(sum).isEqualByComparingTo(credit().contract().orElseThrow().amountDue());
    }

    /** With {@code -Dtollgate.pdf=DIR} they are kept to be looked at. */
    @Test
    void thePdfOfANoteIsTheSameEachTime() throws IOException {
        InvoicePdf pdf = new InvoicePdf(Branding.none());
        for (NoteDocument note : List.of(credit(), debit())) {
            byte[] bytes = pdf.write(InvoiceContent.of(note));
            assertThat(pdf.write(InvoiceContent.of(note))).isEqualTo(bytes);
            String directory = System.getProperty("tollgate.pdf", "");
            if (!directory.isEmpty()) {
                Files.write(Path.of(directory, note.kind() + ".pdf"), bytes);
                Files.writeString(Path.of(directory, note.kind().replace("_", "-") + ".json"), pretty(note));
            }
        }
    }

    private static String valid(NoteDocument note, DVRCoordinate rules) {
        byte[] xml = InvoiceUbl.write(InvoiceContent.of(note));
        String text = new String(xml, StandardCharsets.UTF_8);
        Document document = Objects.requireNonNull(DOMReader.readXMLDOM(xml));
        List<String> failures = ValidationExecutionManager.executeValidation(
                        IValidityDeterminator.createDefault(),
                        Objects.requireNonNull(RULES.getOfID(rules)),
                        ValidationSourceXML.create("note", document))
                .getAllFailures()
                .stream()
                .map(IError::toString)
                .toList();
        assertThat(failures).as(text).isEmpty();
        return text;
    }

    private static String pretty(NoteDocument note) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(mapper.readTree(CanonicalJson.write(note)))
                + "\n";
    }

    private static String text(String name) throws IOException {
        try (InputStream in = InvoiceDocument.class.getResourceAsStream(name)) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
