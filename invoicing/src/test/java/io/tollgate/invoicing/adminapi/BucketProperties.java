package io.tollgate.invoicing.adminapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.Window;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** However a stretch of time is asked for, each window is in one bucket. */
class BucketProperties {

    private static final long NOVEMBER = Instant.parse("2023-11-01T00:00:00Z").getEpochSecond();

    @Property
    void pagesHaveTheBucketsOfTheWhole(
            @ForAll @LongRange(max = 200_000) long offset,
            @ForAll @LongRange(min = 1, max = 200_000) long length,
            @ForAll BucketWidth width,
            @ForAll @IntRange(min = 1, max = 2000) int limit) {
        Instant from = Instant.ofEpochSecond(NOVEMBER + offset);
        Instant to = from.plusSeconds(length);
        List<Bucket> whole = Bucket.page(from, to, width, Integer.MAX_VALUE).buckets();

        List<Bucket> paged = new ArrayList<>();
        Optional<Instant> next = Optional.of(from);
        while (next.isPresent()) {
            Bucket.Page page = Bucket.page(next.get(), to, width, limit);
            assertThat(page.buckets()).hasSizeLessThanOrEqualTo(limit);
            paged.addAll(page.buckets());
            next = page.next().flatMap(start -> PageCursor.read(PageCursor.of(start)));
        }
        assertThat(paged).isEqualTo(whole);
    }

    @Property
    void eachWindowThatStartsInTheRangeIsInOneBucket(
            @ForAll @LongRange(max = 200_000) long offset,
            @ForAll @LongRange(min = 1, max = 200_000) long length,
            @ForAll BucketWidth width) {
        Instant from = Instant.ofEpochSecond(NOVEMBER + offset);
        Instant to = from.plusSeconds(length);
        List<Instant> starts = new ArrayList<>();
        for (Bucket bucket : Bucket.page(from, to, width, Integer.MAX_VALUE).buckets()) {
            bucket.windows().map(TimeRange::from).ifPresent(first -> {
                Instant end = bucket.windows().orElseThrow().to();
                for (Instant each = first; each.isBefore(end); each = each.plusSeconds(Window.SECONDS)) {
                    assertThat(bucket.contains(each)).isTrue();
                    starts.add(each);
                }
            });
        }
        List<Instant> all = new ArrayList<>();
        for (Instant each = Window.startOf(from); each.isBefore(to); each = each.plusSeconds(Window.SECONDS)) {
            if (!each.isBefore(from)) {
                all.add(each);
            }
        }
        assertThat(starts).isEqualTo(all);
    }
}
