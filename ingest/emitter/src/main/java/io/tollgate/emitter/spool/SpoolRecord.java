package io.tollgate.emitter.spool;

/**
 * One record as it came back from disk.
 *
 * @param sequence its number: each record's is one more than that of the record before it
 * @param body what was appended; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
public record SpoolRecord(long sequence, byte[] body) {}
