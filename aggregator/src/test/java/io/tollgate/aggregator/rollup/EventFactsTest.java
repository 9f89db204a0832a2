package io.tollgate.aggregator.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.aggregator.Events;
import io.tollgate.aggregator.wire.EventBytes;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventFactsTest {

    @Test
    void theFactsAreThoseOfTheEventWhicheverCameBefore() {
        UsageEvent plain = Events.event("a", 200_001, 3);
        UsageEvent reversal =
                Events.event("b", Instant.parse("1969-12-31T23:59:59.999999Z"), Map.of("output_tokens", -3L));
        reversal.setReverses(new EventIdentity("test", "a"));
        EventBytes bytes = new EventBytes();
        EventFacts facts = new EventFacts();
        for (UsageEvent event : List.of(plain, reversal, plain)) {
            bytes.read(Codec.USAGE_EVENT.encode(event));
            facts.read(bytes);
            assertThat(new Digest(facts.digestHigh(), facts.digestLow())).isEqualTo(Digest.of(event));
            assertThat(facts.windowStartSeconds())
                    .isEqualTo(Math.floorDiv(event.getTime().getEpochSecond(), 900L) * 900);
        }
        assertThat(facts.contextBand()).isEqualTo(200_000);
    }
}
