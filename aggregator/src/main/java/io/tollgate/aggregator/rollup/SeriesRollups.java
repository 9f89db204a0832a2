package io.tollgate.aggregator.rollup;

import org.jspecify.annotations.Nullable;

/** The rollups of one series and band, by window. */
record SeriesRollups(Rollups rollups, Series series, int band) {

    /** The one of that window, made if it is not there. */
    Rollup at(long window) {
        return rollups.at(series, window, band);
    }

    /** The one of that window, if it is there. */
    @Nullable Rollup find(long window) {
        return rollups.find(series, window, band);
    }
}
