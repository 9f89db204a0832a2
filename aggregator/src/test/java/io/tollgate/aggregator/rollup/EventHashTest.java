package io.tollgate.aggregator.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.aggregator.Events;
import io.tollgate.aggregator.wire.EventBytes;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import io.tollgate.meters.MeterCatalogue;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Digest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventHashTest {

    @Test
    void itIsTheDigestOfTheSchemas() {
        UsageEvent event = Events.event("größer", Events.NOON, Map.of());
        Map<String, Long> quantities = new LinkedHashMap<>();
        for (String meter : new String[] {"z", "output_tokens", "input_tokens", "a"}) {
            quantities.put(meter, 7L + meter.length());
        }
        event.setQuantities(quantities);
        assertSame(event);
        event.getDimensions().setTags(Map.of("b", "1", "a", "2"));
        event.setReverses(new EventIdentity("other", "x".repeat(3_000)));
        assertSame(event);
    }

    private static void assertSame(UsageEvent event) {
        EventBytes bytes = new EventBytes();
        bytes.read(Codec.USAGE_EVENT.encode(event));
        Dictionary dictionary = new Dictionary(MeterCatalogue.usual());
        Quantities quantities = new Quantities();
        quantities.read(bytes, dictionary);
        EventHash hash = new EventHash();
        hash.readIdentity(bytes);
        hash.readContent(bytes, dictionary.series(bytes), quantities);

        assertThat(new Digest(hash.identityHigh(), hash.identityLow()))
                .isEqualTo(Digest.ofIdentity(event.getSource(), event.getId()));
        assertThat(new Digest(hash.contentHigh(), hash.contentLow())).isEqualTo(Digest.of(event));
    }
}
