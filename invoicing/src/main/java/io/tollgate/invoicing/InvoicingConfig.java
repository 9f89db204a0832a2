package io.tollgate.invoicing;

import io.tollgate.invoicing.delivery.WebhookConfig;
import io.tollgate.invoicing.invoice.BillingTerms;
import io.tollgate.invoicing.rendering.Branding;
import io.tollgate.service.ListenOn;
import io.tollgate.service.Tokens;

/**
 * What the invoicing service is told.
 *
 * @param listenOn where; a taken port is replaced by a free one
 * @param clickhouseUrl {@code http://[user:password@]host:port[/database]}; the database holds the rollups
 * @param postgresUrl {@code postgresql://user[:password]@host:port/database}; a schema of our own is made in it
 * @param webhooks how events are delivered
 * @param terms who issues invoices, and when they may be closed and are due
 * @param branding what the PDF of an invoice looks like
 */
public record InvoicingConfig(
        ListenOn listenOn,
        String clickhouseUrl,
        String postgresUrl,
        Tokens tokens,
        WebhookConfig webhooks,
        BillingTerms terms,
        Branding branding) {

    /** With the usual webhooks and terms, and no branding. */
    public InvoicingConfig(ListenOn listenOn, String clickhouseUrl, String postgresUrl, Tokens tokens) {
        this(listenOn, clickhouseUrl, postgresUrl, tokens, WebhookConfig.usual(), BillingTerms.USUAL, Branding.none());
    }

    public InvoicingConfig(
            String host, int port, int adminPort, String clickhouseUrl, String postgresUrl, Tokens tokens) {
        this(new ListenOn(host, port, adminPort), clickhouseUrl, postgresUrl, tokens);
    }

    /** The same with other webhooks. */
    public InvoicingConfig withWebhooks(WebhookConfig other) {
        return new InvoicingConfig(listenOn, clickhouseUrl, postgresUrl, tokens, other, terms, branding);
    }

    /** The same with other terms. */
    public InvoicingConfig withTerms(BillingTerms other) {
        return new InvoicingConfig(listenOn, clickhouseUrl, postgresUrl, tokens, webhooks, other, branding);
    }

    /** Without URLs: they may hold passwords, which must not reach a log. */
    @Override
    public String toString() {
        return "InvoicingConfig[" + listenOn + "]";
    }
}
