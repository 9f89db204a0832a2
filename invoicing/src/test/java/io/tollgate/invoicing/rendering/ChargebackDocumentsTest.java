package io.tollgate.invoicing.rendering;

import static io.tollgate.invoicing.Contracts.NOVEMBER;
import static io.tollgate.invoicing.Contracts.SWEDISH_BUYER;
import static io.tollgate.invoicing.Contracts.acme;
import static io.tollgate.invoicing.Fixtures.gpt4o;
import static io.tollgate.invoicing.Fixtures.product;
import static io.tollgate.invoicing.chargeback.Months.used;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tollgate.invoicing.Contracts;
import io.tollgate.invoicing.chargeback.AllocationRules;
import io.tollgate.invoicing.chargeback.Chargeback;
import io.tollgate.invoicing.chargeback.ChargebackReport;
import io.tollgate.invoicing.chargeback.Difference;
import io.tollgate.invoicing.chargeback.Journal;
import io.tollgate.invoicing.chargeback.Months;
import io.tollgate.invoicing.chargeback.RulesHistory;
import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.cost.CostReport;
import io.tollgate.invoicing.document.AllocationRulesDocument;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.ChargebackDifferenceDocument;
import io.tollgate.invoicing.document.ChargebackDocument;
import io.tollgate.invoicing.document.JournalDocument;
import io.tollgate.invoicing.usage.UsageTotal;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;

/** A month with a commitment, fees, tax, a credit and a note, divided; as files that a person can check. */
class ChargebackDocumentsTest {

    private static final ContractHistory CONTRACT = Contracts.history(acme(SWEDISH_BUYER
            + ",'bundles':[{'id':'support','description':'Premium support','seatPrice':'100'}],"
            + "'discounts':[{'id':'volume','percent':'10','match':{'provider':'openai'}}],"
            + "'commitments':[{'id':'promise','effectiveFrom':'2023-11-01','effectiveTo':'2023-12-01','months':1,"
            + "'unused':'true_up','schedule':[{'effectiveFrom':'2023-11-01','amount':'600'}]}],"
            + "'credits':[{'id':'welcome','description':'Welcome credit','amount':'99.99','grantedOn':'2023-01-01'}]"));
    private static final RulesHistory RULES = Months.history(rules());

    private static List<UsageTotal> usage() {
        List<UsageTotal> usage = new ArrayList<>();
        usage.add(used(at("2023-11-02"), "search-web", Map.of(), gpt4o(), "input_tokens", 59_123_457));
        usage.add(used(at("2023-11-09"), "search-app", Map.of("team", "x"), gpt4o(), "output_tokens", 1_000_001));
        usage.add(used(
                at("2023-11-12"),
                "chat",
                Map.of("cost_centre", "4200"),
                product("xai", "grok-4"),
                "input_tokens",
                211_111));
        usage.add(
                used(at("2023-11-20"), "lab", Map.of("team", "lab"), product("xai", "grok-4"), "input_tokens", 77_777));
        usage.add(used(at("2023-11-21"), "lab", Map.of("cost_centre", "4711"), gpt4o(), "input_tokens", 4_000_000));
        return usage;
    }

    private static Instant at(String day) {
        return Instant.parse(day + "T10:00:00Z");
    }

    private static List<CostReport> documents() {
        List<UsageTotal> late = usage();
        late.add(used(at("2023-11-29"), "search-web", Map.of(), gpt4o(), "output_tokens", 3_333_333));
        return Months.billedThenNoted(CONTRACT, usage(), late);
    }

    private static AllocationRules rules() {
        return CanonicalJson.read(text("rules.json"), AllocationRulesDocument.class)
                .toRules("acme");
    }

    private static ChargebackReport report() {
        return Chargeback.report("acme", NOVEMBER, documents(), RULES);
    }

    @Test
    void theReportIsAsWritten() {
        String json = CanonicalJson.write(ChargebackDocument.of(report()));

        assertThat(pretty(json)).isEqualTo(text("report.json"));
        assertThat(CanonicalJson.read(json, ChargebackDocument.class).toReport())
                .isEqualTo(report());
    }

    @Test
    void theReportsCsvIsAsWritten() {
        assertThat(lines(ChargebackCsv.write(ChargebackDocument.of(report())))).isEqualTo(text("report.csv"));
    }

    @Test
    void theJournalIsAsWritten() {
        JournalDocument journal =
                JournalDocument.of(Journal.of(report(), rules().accounts().orElseThrow()));

        assertThat(lines(ChargebackCsv.write(journal))).isEqualTo(text("journal.csv"));
        assertThat(pretty(CanonicalJson.write(journal))).isEqualTo(text("journal.json"));
    }

    @Test
    void whatMovedIsAsWritten() {
        ChargebackReport before =
                Chargeback.report("acme", NOVEMBER, documents().subList(0, 1), RulesHistory.NONE);
        ChargebackReport middle = Chargeback.report("acme", NOVEMBER, documents(), RulesHistory.NONE);
        Difference difference = Difference.of(before, middle, report());
        String json = CanonicalJson.write(ChargebackDifferenceDocument.of(1, before.currency(), difference));

        assertThat(pretty(json)).isEqualTo(text("difference.json"));
        assertThat(CanonicalJson.read(json, ChargebackDifferenceDocument.class).toDifference())
                .isEqualTo(difference);
    }

    @Test
    void rulesAreWrittenAsTheyWereRead() {
        assertThat(pretty(CanonicalJson.write(AllocationRulesDocument.of(rules()))))
                .isEqualTo(text("rules.json"));
    }

    @Test
    void thePdfSaysWhatTheReportSaysAndHasTheSameBytesEachTime() {
        byte[] pdf = pdf(report());

        assertThat(pdf(report())).isEqualTo(pdf);
        assertThat(text(pdf))
                .contains("Chargeback", "acme 2023-11", "Run 2", "Invoice INV-1 of 2023-12-03", "Debit note INV-2")
                .contains(
                        "Search 4100", "Unallocated", "no rule takes it", "Premium support", "rule support, version 1")
                .contains("openai gpt-4o: input_tokens", "59,123,457", "Page 1 of");
        assertThat(text(pdf(Chargeback.report("acme", NOVEMBER, Months.draft(CONTRACT, usage()), RulesHistory.NONE))))
                .contains("Showback", "This is of a draft as of");
    }

    private static byte[] pdf(ChargebackReport report) {
        return new ChargebackPdf(Branding.none())
                .write(ChargebackDocument.of(report), Optional.of(2), Instant.parse("2023-12-05T08:00:00Z"));
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

    private static String lines(byte[] csv) {
        return new String(csv, StandardCharsets.UTF_8).replace("\r\n", "\n");
    }

    /** Indented for people; the order of members and every value stay. */
    private static String pretty(String json) {
        try {
            ObjectMapper mapper = new ObjectMapper();
            return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(mapper.readTree(json)) + "\n";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(String name) {
        try (InputStream in = Objects.requireNonNull(
                ChargebackReport.class.getResourceAsStream("/io/tollgate/invoicing/chargeback/" + name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
