package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.invoice.DocumentNumber;
import io.tollgate.invoicing.invoice.DocumentNumber.Series;
import org.jdbi.v3.core.Handle;

/**
 * The numbers of an issuer's series. The row of the series stays locked until the transaction ends, so whoever draws
 * commits before anybody else draws, and what is rolled back leaves no gap.
 */
final class Numbers {

    private final Handle handle;
    private final String issuer;
    private final Series series;
    private final long before;
    private long last;

    private Numbers(Handle handle, String issuer, Series series, long last) {
        this.handle = handle;
        this.issuer = issuer;
        this.series = series;
        this.before = last;
        this.last = last;
    }

    /** Waits for whoever draws from the series now. */
    static Numbers lock(Handle handle, String issuer, Series series) {
        handle.execute(
                "INSERT INTO number_series (issuer, series, last) VALUES (?, ?, 0) ON CONFLICT DO NOTHING",
                issuer,
                series.label());
        long last = handle.createQuery(
                        "SELECT last FROM number_series WHERE issuer = :issuer AND series = :series FOR UPDATE")
                .bind("issuer", issuer)
                .bind("series", series.label())
                .mapTo(Long.class)
                .one();
        return new Numbers(handle, issuer, series, last);
    }

    DocumentNumber draw() {
        last++;
        return new DocumentNumber(series, last);
    }

    /** Keeps how far the series is; to be called once, after the last draw. */
    void keep() {
        if (last > before) {
            handle.execute(
                    "UPDATE number_series SET last = ? WHERE issuer = ? AND series = ?", last, issuer, series.label());
        }
    }
}
