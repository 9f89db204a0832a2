package io.tollgate.invoicing.billing;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import java.util.Collection;
import java.util.function.Supplier;

/** What billing counts and times. All but the refusals are there from the start, at zero. */
public final class BillingMetrics {

    private final MetricRegistry registry;
    private final Counter drafts;
    private final Counter finalised;
    private final Counter published;
    private final Timer rating;
    private final Timer reading;

    public BillingMetrics(MetricRegistry registry) {
        this.registry = registry;
        this.drafts = registry.counter("invoicing.drafts.computed");
        this.finalised = registry.counter("invoicing.invoices.finalised");
        this.published = registry.counter("invoicing.books.published");
        this.rating = registry.timer("invoicing.rating");
        this.reading = registry.timer("invoicing.usage.reading");
    }

    void draftComputed() {
        drafts.inc();
    }

    void invoicesFinalised(int count) {
        finalised.inc(count);
    }

    /** Counts each code once, however often it stands in the way. */
    void finalisationRefused(Collection<String> codes) {
        codes.stream()
                .distinct()
                .forEach(code -> registry.counter("invoicing.finalisations.refused." + code)
                        .inc());
    }

    void bookPublished() {
        published.inc();
    }

    /** Like {@link #finalisationRefused}. */
    void bookRefused(Collection<String> codes) {
        codes.stream()
                .distinct()
                .forEach(code ->
                        registry.counter("invoicing.books.refused." + code).inc());
    }

    <T> T rating(Supplier<T> work) {
        return rating.timeSupplier(work);
    }

    <T> T reading(Supplier<T> work) {
        return reading.timeSupplier(work);
    }
}
