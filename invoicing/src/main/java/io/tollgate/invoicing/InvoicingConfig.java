package io.tollgate.invoicing;

import io.tollgate.invoicing.billing.BudgetConfig;
import io.tollgate.invoicing.delivery.WebhookConfig;
import io.tollgate.invoicing.invoice.BillingTerms;
import io.tollgate.invoicing.mail.MailConfig;
import io.tollgate.invoicing.rendering.Branding;
import io.tollgate.service.ListenOn;
import io.tollgate.service.Tokens;
import java.util.Optional;

/**
 * What the invoicing service is told.
 *
 * @param listenOn where; a taken port is replaced by a free one
 * @param clickhouseUrl {@code http://[user:password@]host:port[/database]}; the database holds the rollups
 * @param postgresUrl {@code postgresql://user[:password]@host:port/database}; a schema of our own is made in it
 * @param webhooks how events are delivered
 * @param terms who issues invoices, and when they may be closed and are due
 * @param branding what the PDF of an invoice looks like
 * @param budgets how budgets are watched
 * @param mail how letters are sent; none are, if absent
 */
public record InvoicingConfig(
        ListenOn listenOn,
        String clickhouseUrl,
        String postgresUrl,
        Tokens tokens,
        WebhookConfig webhooks,
        BillingTerms terms,
        Branding branding,
        BudgetConfig budgets,
        Optional<MailConfig> mail) {

    /** With the usual watch over budgets, and no mail. */
    public InvoicingConfig(
            ListenOn listenOn,
            String clickhouseUrl,
            String postgresUrl,
            Tokens tokens,
            WebhookConfig webhooks,
            BillingTerms terms,
            Branding branding) {
        this(
                listenOn,
                clickhouseUrl,
                postgresUrl,
                tokens,
                webhooks,
                terms,
                branding,
                BudgetConfig.usual(),
                Optional.empty());
    }

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
        return new InvoicingConfig(listenOn, clickhouseUrl, postgresUrl, tokens, other, terms, branding, budgets, mail);
    }

    /** The same with other terms. */
    public InvoicingConfig withTerms(BillingTerms other) {
        return new InvoicingConfig(
                listenOn, clickhouseUrl, postgresUrl, tokens, webhooks, other, branding, budgets, mail);
    }

    /** The same with budgets watched otherwise, and letters sent. */
    public InvoicingConfig withBudgets(BudgetConfig otherBudgets, Optional<MailConfig> otherMail) {
        return new InvoicingConfig(
                listenOn, clickhouseUrl, postgresUrl, tokens, webhooks, terms, branding, otherBudgets, otherMail);
    }

    /** Without URLs: they may hold passwords, which must not reach a log. */
    @Override
    public String toString() {
        return "InvoicingConfig[" + listenOn + "]";
    }
}
