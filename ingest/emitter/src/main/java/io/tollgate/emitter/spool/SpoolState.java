package io.tollgate.emitter.spool;

/**
 * How full a spool is, and what it has lost since it was opened.
 *
 * @param records that were appended and not yet released
 * @param bytes of files on disk, released records of the oldest segment included
 * @param lost records that once were durable and could not be read back: the disk has damaged them
 * @param damagedPlaces runs of bytes that are no records, in the middle of the log
 * @param cutBytes bytes after the last whole record, cut off on opening: what a crash left of a record that was never
 *     reported durable (or a damaged last record: the two cannot be told apart)
 */
public record SpoolState(long records, long bytes, long lost, long damagedPlaces, long cutBytes) {

    /** Of an emitter that has no spool. */
    public static final SpoolState NONE = new SpoolState(0, 0, 0, 0, 0);

    /** Both together. */
    public SpoolState plus(SpoolState other) {
        return new SpoolState(
                records + other.records,
                bytes + other.bytes,
                lost + other.lost,
                damagedPlaces + other.damagedPlaces,
                cutBytes + other.cutBytes);
    }
}
