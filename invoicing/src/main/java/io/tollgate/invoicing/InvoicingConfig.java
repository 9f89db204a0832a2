package io.tollgate.invoicing;

import io.tollgate.service.ListenOn;
import io.tollgate.service.Tokens;

/**
 * What the invoicing service is told.
 *
 * @param listenOn where; a taken port is replaced by a free one
 * @param clickhouseUrl {@code http://[user:password@]host:port[/database]}; the database holds the rollups
 * @param postgresUrl {@code postgresql://user[:password]@host:port/database}; a schema of our own is made in it
 */
public record InvoicingConfig(ListenOn listenOn, String clickhouseUrl, String postgresUrl, Tokens tokens) {

    public InvoicingConfig(
            String host, int port, int adminPort, String clickhouseUrl, String postgresUrl, Tokens tokens) {
        this(new ListenOn(host, port, adminPort), clickhouseUrl, postgresUrl, tokens);
    }

    /** Without URLs: they may hold passwords, which must not reach a log. */
    @Override
    public String toString() {
        return "InvoicingConfig[" + listenOn + "]";
    }
}
