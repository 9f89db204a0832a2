package io.tollgate.invoicing.rendering;

import com.openhtmltopdf.extend.FSSupplier;
import com.openhtmltopdf.outputdevice.helper.BaseRendererBuilder.FontStyle;
import com.openhtmltopdf.pdfboxout.PdfBoxRenderer;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import com.openhtmltopdf.util.XRLog;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.GregorianCalendar;
import java.util.Objects;
import java.util.logging.Level;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;

/**
 * Makes PDF of pages, with fonts embedded. The same page at the same time makes the same bytes: dates and the document's id
 * come from the time that is given, not from a clock.
 */
final class Printer {

    private static final String SANS = "Liberation Sans";
    private static final int REGULAR = 400;
    private static final int BOLD = 700;

    static {
        // Every step of every layout would be logged.
        XRLog.listRegisteredLoggers().forEach(logger -> XRLog.setLevel(logger, Level.SEVERE));
    }

    private final Branding branding;

    Printer(Branding branding) {
        this.branding = branding;
    }

    /** A template of ours, which escapes what it is filled with. */
    static Template template(String name) {
        return Mustache.compiler().emptyStringIsFalse(true).compile(new String(resource(name), StandardCharsets.UTF_8));
    }

    /** The fonts of pages, as CSS has them. */
    String fontFamily() {
        return IntStream.range(0, branding.fonts().size())
                .mapToObj(index -> ", '" + extra(index) + "'")
                .collect(Collectors.joining("", "'" + SANS + "'", ""));
    }

    byte[] print(String html, Instant at) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PdfBoxRenderer renderer = renderer(html)) {
            renderer.createPDFWithoutClosing();
            try (PDDocument document = renderer.getPdfDocument()) {
                sign(document, at);
                document.save(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private PdfBoxRenderer renderer(String html) {
        PdfRendererBuilder builder = new PdfRendererBuilder()
                .useFont(font("LiberationSans-Regular"), SANS, REGULAR, FontStyle.NORMAL, true)
                .useFont(font("LiberationSans-Bold"), SANS, BOLD, FontStyle.NORMAL, true)
                // Tagged for screen readers; and without it, fonts that are not embedded would be looked for, too.
                .usePdfUaAccessibility(true)
                // A document of ours refers to nothing outside; should it ever, nothing is fetched.
                .useUriResolver((base, uri) -> uri.startsWith("data:") ? uri : null)
                .withProducer("Tollgate")
                .withHtmlContent(html, null);
        for (int i = 0; i < branding.fonts().size(); i++) {
            builder.useFont(branding.fonts().get(i).toFile(), extra(i));
        }
        return builder.buildPdfRenderer();
    }

    private static String extra(int index) {
        return "extra " + index;
    }

    private static void sign(PDDocument document, Instant at) {
        GregorianCalendar date = GregorianCalendar.from(ZonedDateTime.ofInstant(at, ZoneOffset.UTC));
        PDDocumentInformation information = document.getDocumentInformation();
        information.setCreationDate(date);
        information.setModificationDate(date);
        document.setDocumentId(at.toEpochMilli());
    }

    /** Liberation, under the SIL Open Font License: Latin, Greek and Cyrillic. */
    private static FSSupplier<InputStream> font(String name) {
        String resource = "/liberation/" + name + ".ttf";
        return () -> Objects.requireNonNull(Printer.class.getResourceAsStream(resource), resource);
    }

    private static byte[] resource(String name) {
        try (InputStream in = Objects.requireNonNull(Printer.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
