package io.tollgate.aggregator.clickhouse;

/** ClickHouse did not do as it was asked; the same request may go through later. */
public final class ClickHouseUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ClickHouseUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
