package io.tollgate.aggregator.clickhouse;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Turns records into rows of a table, and writes them together. Used by one thread. */
interface Sink {

    /** Takes a record. It may become no row, or replace one that is pending. */
    void add(ConsumerRecord<byte[], byte[]> entry);

    /** How many rows are pending. */
    int rows();

    /** How many bytes they take, roughly; 0 when nobody needs to know. */
    long bytes();

    /**
     * Writes all pending rows and keeps them. Writing rows that ClickHouse has already changes nothing.
     *
     * @throws ClickHouseUnavailableException when it is unknown whether ClickHouse has them
     */
    void write();

    /** Forgets the pending rows. */
    void clear();
}
