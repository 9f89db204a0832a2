package io.tollgate.invoicing.spend;

import static io.tollgate.invoicing.Fixtures.NOVEMBER;
import static io.tollgate.invoicing.Fixtures.book;
import static io.tollgate.invoicing.Fixtures.gpt4o;
import static io.tollgate.invoicing.Fixtures.gpt4oCard;
import static io.tollgate.invoicing.Fixtures.history;
import static io.tollgate.invoicing.Fixtures.product;
import static io.tollgate.invoicing.Fixtures.usage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tollgate.invoicing.rating.Rating;
import io.tollgate.invoicing.usage.TimeRange;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SpendTest {

    private static final Instant MIDNIGHT = Instant.parse("2023-11-02T00:00:00Z");
    private static final Rating RATING = Rating.of(
            List.of(
                    usage(new TimeRange(MIDNIGHT, NOVEMBER.to()), "bolt", gpt4o(), Map.of("input_tokens", 4_000_000L)),
                    usage(
                            new TimeRange(NOVEMBER.from(), MIDNIGHT),
                            "acme",
                            gpt4o(),
                            Map.of("input_tokens", 1_000_000L, "output_tokens", 1L)),
                    usage(NOVEMBER, "acme", product("xai", "grok"), Map.of("images", 12L))),
            history(book(gpt4oCard())),
            NOVEMBER);

    @Test
    void rowsAreGroupedInOrderAndExact() {
        Spend spend = Spend.of(RATING, List.of(SpendDimension.TENANT, SpendDimension.DAY));

        assertThat(spend.rows())
                .extracting(Spend.Row::group, row -> row.cost().digits(), Spend.Row::quantity)
                .containsExactly(
                        tuple(List.of("acme", "2023-11-01"), "2.50001", Optional.empty()),
                        tuple(List.of("bolt", "2023-11-02"), "10.00", Optional.empty()));
        assertThat(spend.total().digits()).isEqualTo("12.50001");
    }

    @Test
    void quantitiesAreToldOnlyWhereMetersAreToldApart() {
        assertThat(Spend.of(RATING, List.of(SpendDimension.METER)).rows())
                .extracting(Spend.Row::group, Spend.Row::quantity)
                .containsExactly(
                        tuple(List.of("input_tokens"), Optional.of(BigInteger.valueOf(5_000_000))),
                        tuple(List.of("output_tokens"), Optional.of(BigInteger.ONE)));
    }

    @Test
    void usageWithoutPriceIsListedBesideTheRows() {
        assertThat(Spend.of(RATING, List.of()).unbilled())
                .extracting(unbilled -> unbilled.quantity().toString())
                .containsExactly("12");
    }

    @Test
    void dimensionsGoByTheirNamesAndAliases() {
        assertThat(List.of("acceleratorType", "accelerator_type", "accelerator"))
                .extracting(SpendDimension::named)
                .containsOnly(Optional.of(SpendDimension.ACCELERATOR_TYPE));
        assertThat(List.of("serviceTier", "service_tier", "tier"))
                .extracting(SpendDimension::named)
                .containsOnly(Optional.of(SpendDimension.SERVICE_TIER));
        assertThat(SpendDimension.named("shard")).isEmpty();
    }
}
