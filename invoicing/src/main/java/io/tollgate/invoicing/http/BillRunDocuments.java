package io.tollgate.invoicing.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.billrun.BillRun;
import io.tollgate.invoicing.billrun.RunException;
import io.tollgate.invoicing.billrun.Waiver;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Bill runs as JSON. */
final class BillRunDocuments {

    private BillRunDocuments() {}

    /**
     * What starts a run.
     *
     * @param period {@code yyyy-MM}
     * @param inGrace whether not to wait for the end of the grace
     */
    @Schema(name = "BillRunWish")
    record Wish(@JsonProperty(required = true) String period, Optional<Boolean> inGrace) {
        Wish {
            Objects.requireNonNull(period, "period");
        }
    }

    /**
     * How far a run is.
     *
     * @param id {@code <yyyy-MM>.<issuer>}
     * @param state {@code running}, {@code blocked}, {@code failed} or {@code finished}
     * @param failure why it failed
     * @param updatedAt when it last got on
     * @param voidInvoices ids of invoices that were voided and whose month is not billed again: a run leaves that to
     *     somebody's decision
     * @param exceptionCount how many exceptions there are, waived or not
     */
    @Schema(name = "BillRun")
    record Run(
            String id,
            String period,
            String issuer,
            String state,
            Optional<String> failure,
            Instant startedAt,
            Instant updatedAt,
            Tenants tenants,
            List<Total> totals,
            List<String> voidInvoices,
            long exceptionCount) {}

    /**
     * How many tenants are how far.
     *
     * @param pending wait for their turn
     * @param invoiced have their final invoice
     * @param nothing used nothing
     * @param blocked have exceptions that nobody has waived
     * @param voided had their invoice voided, and none in its place
     */
    @Schema(name = "BillRunTenants")
    record Tenants(long total, long pending, long invoiced, long nothing, long blocked, long voided) {}

    /** What the run's invoices come to. */
    @Schema(name = "BillRunTotal")
    record Total(String currency, String total) {}

    /** All runs, the latest month first. */
    @Schema(name = "BillRunList")
    record Runs(List<Run> billRuns) {}

    /**
     * Something that a person must decide on.
     *
     * @param tenant whose invoice it blocks; absent where it is nobody's, and so blocks everybody's
     * @param code stable: those of an invoice's exceptions, {@code unsettled_rejected_events}, {@code rollup_lag}
     * @param waiver who let it pass, if anybody did
     */
    @Schema(name = "BillRunException")
    record Entry(String id, Optional<String> tenant, String code, String detail, Optional<WaiverDocument> waiver) {}

    /** Who let an exception pass, why, and when. */
    @Schema(name = "Waiver")
    record WaiverDocument(String by, String reason, Instant at) {}

    /**
     * A page of a run's exceptions.
     *
     * @param nextCursor what asks for the next page; absent on the last
     */
    @Schema(name = "BillRunExceptions")
    record Entries(List<Entry> exceptions, Optional<String> nextCursor) {}

    /**
     * What is to be let pass: exceptions that are on the list now. What comes later, or changes, is not.
     *
     * @param code of the exceptions
     * @param tenant only this one's; {@code ""} for those that are nobody's; all, if absent
     * @param by who decides, by name
     * @param reason why, for whoever asks later
     */
    @Schema(name = "WaiverWish")
    record WaiverWish(
            @JsonProperty(required = true) String code,
            Optional<String> tenant,
            @JsonProperty(required = true) String by,
            @JsonProperty(required = true) String reason) {
        WaiverWish {
            Objects.requireNonNull(code, "code");
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** How many exceptions were let pass by this call. */
    @Schema(name = "Waived")
    record Waived(int waived) {}

    static Run of(BillRun run) {
        return new Run(
                run.id().toString(),
                run.id().month().toString(),
                run.id().issuer(),
                run.state().label(),
                run.failure(),
                run.startedAt(),
                run.updatedAt(),
                new Tenants(
                        run.tenants(),
                        run.pending(),
                        run.invoiced(),
                        run.nothing(),
                        run.blocked(),
                        run.voided().size()),
                run.totals().stream()
                        .map(total -> new Total(total.currency().getCurrencyCode(), total.digits()))
                        .toList(),
                run.voided(),
                run.exceptionCount());
    }

    static Entry of(RunException exception, Optional<Waiver> waiver) {
        return new Entry(
                exception.id(),
                Optional.of(exception.tenant()).filter(tenant -> !tenant.isEmpty()),
                exception.code(),
                exception.detail(),
                waiver.map(given -> new WaiverDocument(given.by(), given.reason(), given.at())));
    }
}
