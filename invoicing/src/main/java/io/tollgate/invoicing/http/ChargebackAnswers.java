package io.tollgate.invoicing.http;

import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.chargeback.ChargebackReport;
import io.tollgate.invoicing.chargeback.Run;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.ChargebackDocument;
import io.tollgate.invoicing.document.JournalDocument;
import io.tollgate.invoicing.rendering.ChargebackCsv;
import io.tollgate.invoicing.rendering.ChargebackPdf;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reports, runs and journals in the form that is asked for. */
final class ChargebackAnswers {

    static final String CSV = "text/csv";
    static final String PDF = "application/pdf";

    private static final String JSON = "json";

    private final ChargebackPdf pdf;

    ChargebackAnswers(ChargebackPdf pdf) {
        this.pdf = pdf;
    }

    /** A report that was kept. */
    @Schema(name = "ChargebackRun")
    public record KeptRun(int number, Instant madeAt, ChargebackDocument report) {

        static KeptRun of(Run run) {
            return new KeptRun(run.number(), run.madeAt(), ChargebackDocument.of(run.report()));
        }
    }

    /**
     * A report that was kept, without its cost centres.
     *
     * @param rules versions that were in force in the month
     */
    @Schema(name = "ChargebackRunSummary")
    public record Summary(
            int number,
            Instant madeAt,
            List<ChargebackDocument.Billed> documents,
            List<Integer> rules,
            String currency,
            String unallocated,
            String total) {

        static Summary of(Run run) {
            ChargebackDocument report = ChargebackDocument.of(run.report());
            return new Summary(
                    run.number(),
                    run.madeAt(),
                    report.documents(),
                    report.rules(),
                    report.currency(),
                    report.unallocated().own(),
                    report.total());
        }
    }

    /**
     * In order of their numbers.
     *
     * @param nextAfter what asks for the next page; absent on the last
     */
    @Schema(name = "ChargebackRuns")
    public record Runs(List<Summary> runs, Optional<Integer> nextAfter) {}

    /** @param format {@code json}, {@code csv} or {@code pdf}; if absent, what the caller accepts */
    Response report(ChargebackReport report, Instant at, @Nullable String format, HttpHeaders headers) {
        ChargebackDocument document = ChargebackDocument.of(report);
        // What is billed is printed with the day it was; only what is open depends on when it is asked for.
        Instant printed = report.isFinal()
                ? report.documents().stream()
                        .flatMap(each -> each.issuedOn().stream())
                        .reduce((earlier, later) -> later)
                        .map(day -> day.atStartOfDay(ZoneOffset.UTC).toInstant())
                        .orElse(at)
                : at;
        return answer(document, document, Optional.empty(), printed, format, headers);
    }

    Response run(Run run, @Nullable String format, HttpHeaders headers) {
        KeptRun kept = KeptRun.of(run);
        return answer(kept, kept.report(), Optional.of(run.number()), run.madeAt(), format, headers);
    }

    Response journal(JournalDocument journal, @Nullable String format, HttpHeaders headers) {
        return switch (wanted(format, headers)) {
            case JSON -> json(journal);
            case "csv" ->
                file(
                        ChargebackCsv.write(journal),
                        CSV + ";charset=utf-8",
                        "journal-" + journal.tenant() + "-" + journal.period() + ".csv");
            default -> throw Parameters.invalid("a journal's format must be json or csv");
        };
    }

    private Response answer(
            Object json,
            ChargebackDocument report,
            Optional<Integer> run,
            Instant at,
            @Nullable String format,
            HttpHeaders headers) {
        String name = report.mode() + "-" + report.tenant() + "-" + report.period()
                + run.map(number -> "-run-" + number).orElse("");
        return switch (wanted(format, headers)) {
            case JSON -> json(json);
            case "csv" -> file(ChargebackCsv.write(report), CSV + ";charset=utf-8", name + ".csv");
            case "pdf" -> file(pdf.write(report, run, at), PDF, name + ".pdf");
            default -> throw Parameters.invalid("format must be json, csv or pdf");
        };
    }

    private static String wanted(@Nullable String format, HttpHeaders headers) {
        return Parameters.given(format)
                .orElseGet(() -> headers.getAcceptableMediaTypes().stream()
                        .flatMap(type -> form(type).stream())
                        .findFirst()
                        .orElse(JSON));
    }

    private static Optional<String> form(MediaType type) {
        if (type.isWildcardType() || type.isCompatible(MediaType.APPLICATION_JSON_TYPE)) {
            return Optional.of(JSON);
        }
        if (type.isCompatible(MediaType.valueOf(CSV))) {
            return Optional.of("csv");
        }
        return type.isCompatible(MediaType.valueOf(PDF)) ? Optional.of("pdf") : Optional.empty();
    }

    private static Response json(Object document) {
        return Response.ok(CanonicalJson.write(document), MediaType.APPLICATION_JSON)
                .build();
    }

    /** A tenant's name has letters, digits and . _ @ - only, so it needs no quoting in a header. */
    private static Response file(byte[] bytes, String type, String name) {
        return Response.ok(bytes, type)
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + name + "\"")
                .build();
    }
}
