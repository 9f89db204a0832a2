package io.tollgate.invoicing.rendering;

import static io.tollgate.invoicing.Contracts.SWEDISH_BUYER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.invoicing.document.InvoiceDocument;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InvoicePdfTest {

    private static final InvoicePdf PLAIN = new InvoicePdf(Branding.none());
    /** One pixel. */
    private static final byte[] PNG = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    @TempDir
    private Path directory = Path.of("");

    private static byte[] pdf(InvoiceDocument invoice) {
        return PLAIN.write(InvoiceContent.of(invoice));
    }

    private static String text(byte[] pdf) {
        try (PDDocument document = Loader.loadPDF(pdf)) {
            PDFTextStripper stripper = new PDFTextStripper();
            stripper.setSortByPosition(true);
            return stripper.getText(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void eachTenantOfAnAccountHasItsSectionAndItsTotal() {
        assertThat(text(pdf(Rendered.ofAccount())))
                .contains("Used by acme, 2.50 in all", "Used by acme-labs, 5.00 in all");
        assertThat(text(pdf(Rendered.everyTerm()))).doesNotContain("Used by");
    }

    @Test
    void theSameInvoiceMakesTheSameBytes() {
        assertThat(pdf(Rendered.everyTerm())).isEqualTo(pdf(Rendered.everyTerm()));
    }

    @Test
    void allFontsAreEmbedded() throws IOException {
        try (PDDocument document = Loader.loadPDF(pdf(Rendered.everyTerm()))) {
            for (PDPage page : document.getPages()) {
                PDResources resources = page.getResources();
                assertThat(resources.getFontNames()).isNotEmpty().allSatisfy(name -> {
                    assertThat(resources.getFont(name).isEmbedded()).isTrue();
                    assertThat(resources.getFont(name).getName()).contains("LiberationSans");
                });
            }
            assertThat(document.getDocumentInformation().getTitle()).isEqualTo("Invoice acme.2023-11.1");
            assertThat(document.getDocumentInformation().getCreationDate().toInstant())
                    .isEqualTo("2023-12-02T08:00:00Z");
        }
    }

    @Test
    void itSaysWhatTheInvoiceSays() {
        assertThat(text(pdf(Rendered.everyTerm())))
                .contains("Tollgate Nordic AB", "Acme AB", "VAT id SE556000000001", "Lilla gatan 2", "222 22 Lund")
                .contains("openai gpt-4o: input_tokens", "9,000,000", "26.08025", "per 1,000,000", "234.72")
                .contains("Launch discount", "-61.93", "VAT 25 % (SE, S) on 2,000.00", "500.00", "2,500.00")
                .contains("Trial credit for OpenAI models", "-100.00", "2,100.00 SEK", "2024-01-01", "Page 1 of ");
    }

    @Test
    void aDraftSaysThatItIsOne() {
        assertThat(text(pdf(InvoiceDocument.of(Rendered.draft(SWEDISH_BUYER)))))
                .contains("Draft invoice", "not an invoice");
    }

    @Test
    void lettersBeyondLatin1Show() {
        String text = text(pdf(Rendered.closed("'issuer':'nordic','billTo':{'name':'Łódź Ελλάς Київ € <b> & Co',"
                + "'country':'SE','addressLines':['ul. Żółta 1']}")));

        assertThat(text).contains("Łódź Ελλάς Київ € <b> & Co", "ul. Żółta 1");
    }

    @Test
    void operatorsBrandIsOnEveryPage() throws IOException {
        Files.write(directory.resolve("logo.png"), PNG);
        Path file = directory.resolve("brand.yaml");
        Files.writeString(file, """
                name: Nordic Cloud
                colour: "#0b6e4f"
                footer: ["Bankgiro 123-4567", "billing@nordic.example"]
                """);
        String text = text(new InvoicePdf(Branding.read(file)).write(InvoiceContent.of(Rendered.everyPrice())));
        assertThat(text).contains("Nordic Cloud");
        assertThat(text.split("Bankgiro 123-4567", -1)).hasSize(1 + pages(text));

        Files.writeString(file, "logo: logo.png");
        Branding logo = Branding.read(file);
        assertThat(logo.logo().orElseThrow().uri()).startsWith("data:image/png;base64,");
        assertThat(text(new InvoicePdf(logo).write(InvoiceContent.of(Rendered.everyPrice()))))
                .contains("Page 1 of");
    }

    @Test
    void anOperatorsFontsComeAfterOurs() throws IOException {
        try (InputStream serif = Objects.requireNonNull(
                InvoicePdf.class.getResourceAsStream("/liberation/LiberationSerif-Regular.ttf"))) {
            Files.copy(serif, directory.resolve("serif.ttf"));
        }
        Path file = directory.resolve("brand.yaml");
        Files.writeString(file, "fonts: [serif.ttf]");

        byte[] pdf = new InvoicePdf(Branding.read(file)).write(InvoiceContent.of(Rendered.everyTerm()));

        assertThat(text(pdf)).contains("Acme AB", "2,100.00 SEK");
    }

    private static int pages(String text) {
        return text.split("Page [0-9]+ of", -1).length - 1;
    }

    @Test
    void aBrandThatMakesNoSenseIsRefused() throws IOException {
        Path file = directory.resolve("brand.yaml");
        Files.writeString(directory.resolve("logo.svg"), "<svg/>");
        for (String wrong : List.of("color: red", "colour: red", "logo: logo.svg", "fonts: [none.ttf]", "{")) {
            Files.writeString(file, wrong);
            assertThatThrownBy(() -> Branding.read(file)).as(wrong).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new Branding(
                        Optional.empty(), "#000000", Optional.empty(), List.of("1", "2", "3", "4", "5"), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
