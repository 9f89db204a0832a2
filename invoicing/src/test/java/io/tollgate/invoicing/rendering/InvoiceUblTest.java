package io.tollgate.invoicing.rendering;

import static io.tollgate.invoicing.Contracts.SWEDISH_BUYER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.helger.diagnostics.error.IError;
import com.helger.phive.api.execute.ValidationExecutionManager;
import com.helger.phive.api.executorset.ValidationExecutorSetRegistry;
import com.helger.phive.api.result.ValidationResultList;
import com.helger.phive.api.validity.IValidityDeterminator;
import com.helger.phive.en16931.EN16931Validation;
import com.helger.phive.xml.source.IValidationSourceXML;
import com.helger.phive.xml.source.ValidationSourceXML;
import com.helger.xml.serialize.read.DOMReader;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.InvoiceDocument;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Node;

/** UBL by the schema and the rules of EN 16931 themselves. */
class InvoiceUblTest {

    private static final ValidationExecutorSetRegistry<IValidationSourceXML> RULES =
            new ValidationExecutorSetRegistry<>();

    static {
        EN16931Validation.initEN16931(RULES);
    }

    private static String exempt(String category) {
        return Rendered.GERMAN_BUYER + ",'taxExemption':{'category':'" + category + "','reason':'agreed so'}";
    }

    private static Document valid(InvoiceDocument invoice) {
        byte[] xml = InvoiceUbl.write(InvoiceContent.of(invoice));
        Document document = document(xml);
        assertThat(failures(document))
                .as(new String(xml, StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(InvoiceUbl.write(InvoiceContent.of(invoice))).isEqualTo(xml);
        return document;
    }

    private static Document document(byte[] xml) {
        return Objects.requireNonNull(DOMReader.readXMLDOM(xml));
    }

    /** Of the schema and of the rules, warnings among them. */
    private static List<String> failures(Document document) {
        ValidationResultList results = ValidationExecutionManager.executeValidation(
                IValidityDeterminator.createDefault(),
                Objects.requireNonNull(RULES.getOfID(EN16931Validation.VID_UBL_INVOICE_1316)),
                ValidationSourceXML.create("invoice", document));
        assertThat(results.size()).isEqualTo(2);
        return results.getAllFailures().stream().map(IError::toString).toList();
    }

    /** The texts of all elements of a path of local names, from the root. */
    private static List<String> values(Document document, String path) {
        List<Node> nodes = List.of(document.getDocumentElement());
        for (String name : path.split("/")) {
            List<Node> children = new ArrayList<>();
            for (Node node : nodes) {
                for (Node child = node.getFirstChild(); child != null; child = child.getNextSibling()) {
                    if (name.equals(child.getLocalName())) {
                        children.add(child);
                    }
                }
            }
            nodes = children;
        }
        return nodes.stream().map(Node::getTextContent).toList();
    }

    private static List<String> codes(InvoiceDocument invoice) {
        return InvoiceUbl.shortcomings(InvoiceContent.of(invoice)).stream()
                .map(Shortcoming::code)
                .toList();
    }

    @Test
    void discountsAreAllowancesFeesAreLinesAndCreditsArePrepaid() {
        Document ubl = valid(Rendered.everyTerm());

        assertThat(values(ubl, "ID")).containsExactly("acme.2023-11.1");
        assertThat(values(ubl, "InvoiceLine/LineExtensionAmount"))
                .containsExactly("234.72", "105.89", "103.03", "20.52", "31.30", "995.00", "596.47");
        assertThat(values(ubl, "AllowanceCharge/Amount")).containsExactly("61.93", "25.00");
        assertThat(values(ubl, "LegalMonetaryTotal/PrepaidAmount")).containsExactly("400.00");
        assertThat(values(ubl, "LegalMonetaryTotal/PayableAmount")).containsExactly("2100.00");
        // Midnight in Stockholm is the evening before in UTC: periods are the buyer's days.
        assertThat(values(ubl, "InvoicePeriod/StartDate")).containsExactly("2023-11-01");
        assertThat(values(ubl, "InvoicePeriod/EndDate")).containsExactly("2023-11-30");
    }

    @Test
    void whatAReservationCoversIsALineOfNothing() {
        Document ubl = valid(Rendered.reservation());

        assertThat(values(ubl, "InvoiceLine/Item/Name"))
                .filteredOn(name -> name.endsWith("(reservation ptu-gpt-4o)"))
                .hasSize(3);
        assertThat(values(ubl, "InvoiceLine/InvoicedQuantity").get(2)).isEqualTo("875000");
        assertThat(values(ubl, "InvoiceLine/LineExtensionAmount").get(2)).isEqualTo("0.00");
        assertThat(values(ubl, "InvoiceLine/InvoicedQuantity").get(3)).isEqualTo("1000000");
        assertThat(values(ubl, "InvoiceLine/LineExtensionAmount")).last().isEqualTo("3840.00");
    }

    @Test
    void aPlainPriceTimesItsQuantityIsTheLineInTheInvoicesCurrency() {
        Document ubl = valid(Rendered.everyTerm());

        // 2.50 USD at 10.4321 for a million; nine million of them are 234.72225.
        assertThat(values(ubl, "InvoiceLine/InvoicedQuantity").get(0)).isEqualTo("9000000");
        assertThat(new BigDecimal(values(ubl, "InvoiceLine/Price/PriceAmount").get(0)))
                .isEqualByComparingTo("26.08025");
        assertThat(values(ubl, "InvoiceLine/Price/BaseQuantity").get(0)).isEqualTo("1000000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"E", "AE", "K", "G", "O"})
    void everyCategoryWithoutTaxIsValid(String category) {
        Document ubl = valid(Rendered.closed(exempt(category)));

        assertThat(values(ubl, "TaxTotal/TaxAmount")).containsExactly("0.00");
        assertThat(values(ubl, "TaxTotal/TaxSubtotal/TaxCategory/ID")).containsExactly(category);
    }

    @Test
    void aRateOfZeroIsValid() {
        String exempted = CanonicalJson.write(Rendered.closed(exempt("E")));
        String zero = exempted.replace("\"E\"", "\"Z\"").replace(",\"reason\":\"agreed so\"", "");

        Document ubl = valid(CanonicalJson.read(zero, InvoiceDocument.class));

        assertThat(values(ubl, "TaxTotal/TaxSubtotal/TaxCategory/ID")).containsExactly("Z");
        assertThat(values(ubl, "TaxTotal/TaxSubtotal/TaxCategory/Percent")).containsExactly("0");
    }

    @Test
    void theRulesAreReallyAsked() {
        String xml = new String(InvoiceUbl.write(InvoiceContent.of(Rendered.everyTerm())), StandardCharsets.UTF_8);

        assertThat(failures(document(xml.replace(">2100.00<", ">2100.01<").getBytes(StandardCharsets.UTF_8))))
                .anyMatch(failure -> failure.contains("BR-CO-16"));
    }

    @ParameterizedTest
    @ValueSource(strings = {SWEDISH_BUYER, Rendered.GERMAN_BUYER, Rendered.AMERICAN_BUYER})
    void taxAtHomeReverseChargeAndExportAreValid(String parties) {
        valid(Rendered.closed(parties + ",'paymentTermDays':30"));
        valid(Rendered.closed(parties
                + ",'discounts':[{'id':'a','description':'A ✓ & <b>','percent':'100','effectiveTo':'2024-01-01'}]"));
        valid(Rendered.closed(parties
                + ",'minimumSpend':'100.00','credits':[{'id':'c','description':'C','amount':'1000.00','priority':1,"
                + "'grantedOn':'2023-01-01'}]"));
    }

    @Test
    void whatTheStandardRequiresAndIsMissingIsNamed() {
        assertThat(codes(Rendered.closed(""))).containsExactly("no_seller");
        assertThat(codes(InvoiceDocument.of(Rendered.draft(SWEDISH_BUYER)))).containsExactly("not_final");
        assertThat(
                        codes(
                                Rendered.closed(
                                        "'issuer':'nordic','billTo':{'name':'B','country':'DE'},'taxExemption':{'category':'AE','reason':'r'}")))
                .containsExactly("no_buyer_vat_id");
        assertThat(
                        codes(
                                Rendered.closed(
                                        "'issuer':'nordic','billTo':{'name':'B','country':'ZZ'},'taxExemption':{'category':'O','reason':'r'}")))
                .containsExactly("unknown_country");
        assertThatThrownBy(() -> InvoiceUbl.write(InvoiceContent.of(Rendered.closed(""))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no_seller");
    }
}
