package io.tollgate.invoicing.usage;

/** Why a meter's quantity cannot be billed, though there is one. */
public enum Doubt {
    /** It is partly a sum and partly of observations: the job was started with different catalogues. */
    COUNTED_TWO_WAYS,
    /** Something that does not add up was taken back where it was never observed, so it may still be counted. */
    UNMATCHED_REVERSAL
}
