package io.tollgate.cli.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.emitter.Emitted;
import io.tollgate.events.Dimensions;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.RejectedEvent;
import io.tollgate.events.UsageEvent;
import io.tollgate.schemas.Codec;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class KeptOutTest {

    private final SentEvents sent = new SentEvents(new Places());

    @Test
    void onlyWhatThisReplaySentAndTheJobRefusedCounts() {
        send(event("acme", "2023-11-05T00:00:00Z"), 3, 7);
        send(event("acme", "2023-11-05T00:00:00Z"), 3, 8);
        send(event("acme", "2023-11-05T00:00:00Z"), 3, 11);
        KeptOut keptOut = new KeptOut(sent, 10);

        for (String other : new String[] {
            "usage-events-3@6", "usage-events-3@9", "usage-events-3@10", "usage-events-2@7", "x-3@7", "trace.csv:7", ""
        }) {
            keptOut.add(rejected("aggregator", other, event("acme", "2023-11-05T00:00:00Z")));
        }
        keptOut.add(rejected("edge", "usage-events-3@7", event("acme", "2023-11-05T00:00:00Z")));
        assertThat(keptOut.count()).isZero();

        for (String ours : new String[] {"usage-events-3@7", "usage-events-3@8", "usage-events-3@11"}) {
            keptOut.add(rejected("aggregator", ours, event("acme", "2023-11-05T00:00:00Z")));
        }
        assertThat(keptOut.count()).isEqualTo(3);
        assertThat(keptOut.reasons()).containsExactly(Map.entry("identity_conflict", 3L));
        assertThat(keptOut.lastMonthWithUsage()).isEmpty();
    }

    @Test
    void theMonthToLookAtIsTheLastThatHasUsage() {
        UsageEvent last = event("acme", "2023-12-01T00:00:00Z");
        send(event("acme", "2023-11-30T23:59:59.999999Z"), 0, 0);
        send(last, 0, 1);
        KeptOut keptOut = new KeptOut(sent, 10);
        assertThat(keptOut.lastMonthWithUsage()).contains(YearMonth.of(2023, 12));

        keptOut.add(rejected("aggregator", "usage-events-0@1", last));

        assertThat(keptOut.lastMonthWithUsage()).contains(YearMonth.of(2023, 11));
    }

    @Test
    void theTenantIsNamedWhenThereIsOne() {
        assertThat(sent.onlyTenant()).isEmpty();
        send(event("acme", "2023-11-05T00:00:00Z"), 0, 0);
        send(event("acme", "2023-11-05T00:00:00Z"), 0, 1);
        assertThat(sent.onlyTenant()).contains("acme");
        send(event("globex", "2023-11-05T00:00:00Z"), 0, 2);
        assertThat(sent.onlyTenant()).isEmpty();
    }

    @Test
    void countedIsSaidOfAllOnlyWhenItIsTrue() {
        send(event("acme", "2023-11-05T00:00:00Z"), 0, 0);
        KeptOut keptOut = new KeptOut(sent, 10);
        assertThat(told(keptOut)).isEqualTo("Counted: every event is in ClickHouse.\n");
        assertThat(told(keptOut, OptionalLong.of(1))).contains("Of them 1 had been counted before");
        assertThat(told(keptOut, OptionalLong.empty())).contains("is not known");

        keptOut.add(rejected("aggregator", "usage-events-0@0", event("acme", "2023-11-05T00:00:00Z")));

        assertThat(told(keptOut))
                .contains("Counted, but for 1 that the job kept out:", "identity_conflict", "event 1 of gateway: ")
                .doesNotContain("every event");
    }

    private static String told(KeptOut keptOut) {
        return told(keptOut, OptionalLong.of(0));
    }

    private static String told(KeptOut keptOut, OptionalLong before) {
        StringWriter terminal = new StringWriter();
        PrintWriter writer = new PrintWriter(terminal);
        new ReplayReport(writer, writer).counted(keptOut, before);
        return terminal.toString();
    }

    private void send(UsageEvent event, int partition, long offset) {
        sent.add(event);
        sent.places().add(new Emitted("usage-events", partition, offset));
    }

    private static UsageEvent event(String tenant, String time) {
        return UsageEvent.newBuilder()
                .setSource("gateway")
                .setId("1")
                .setTime(Instant.parse(time))
                .setDimensions(Dimensions.newBuilder()
                        .setTenant(tenant)
                        .setProvider("openai")
                        .setModel("gpt-4o")
                        .build())
                .setContextTokens(1)
                .setQuantities(Map.of("input_tokens", 1L))
                .build();
    }

    private static RejectedEvent rejected(String stage, String origin, UsageEvent event) {
        return RejectedEvent.newBuilder()
                .setReason("identity_conflict")
                .setDetail("counted before with other content")
                .setStage(stage)
                .setOrigin(origin)
                .setRejectedAt(Instant.parse("2024-01-01T00:00:00Z"))
                .setIdentity(new EventIdentity(event.getSource(), event.getId()))
                .setOriginal(ByteBuffer.wrap(Codec.USAGE_EVENT.encode(event)))
                .build();
    }
}
