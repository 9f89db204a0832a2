package io.tollgate.aggregator.rollup;

import java.util.Locale;

/** Why the job kept an event out. The codes are stable: they are stored, counted and documented. */
public enum RejectionReason {
    /** The bytes are not a usage event of any released schema. */
    UNDECODABLE,
    /** It claims to have happened more than 24 h after it arrived. */
    TIME_IN_FUTURE,
    /** It claims to have happened before 1970. */
    TIME_OUT_OF_RANGE,
    /** Source or id is empty. */
    IDENTITY_MISSING,
    /** A quantity is negative and the event is not a reversal. */
    NEGATIVE_QUANTITY,
    /** An event of the same source and id, but with other content, was counted before. */
    IDENTITY_CONFLICT,
    /** The rollup's total would pass 2^63-1. */
    QUANTITY_OVERFLOW,
    /** The dimensions have more than 64 KiB: a rollup's record has them twice, and must fit into Kafka's megabyte. */
    DIMENSIONS_TOO_LARGE,
    /** A meter's name has more than 128 bytes. */
    METER_NAME_TOO_LONG,
    /** The rollup would have more than 1,000 meters. */
    TOO_MANY_METERS,
    /** The rollup would hold more different observations of meters that are not sums than fit into its record. */
    TOO_MANY_OBSERVATIONS,
    /** The rollup's meter was counted by another aggregation, or with another hold, than the catalogue says now. */
    METER_AGGREGATION_CHANGED;

    /** The code as it is written in records, metrics and documentation. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
