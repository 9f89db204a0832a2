package io.tollgate.cli.instance;

import io.tollgate.emitter.UsageTopics;
import io.tollgate.ingest.edge.IngestConfig;
import io.tollgate.invoicing.delivery.WebhookConfig;
import io.tollgate.invoicing.invoice.BillingTerms;
import io.tollgate.invoicing.mail.MailConfig;
import io.tollgate.invoicing.rendering.Branding;
import io.tollgate.meters.MeterCatalogue;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What of an instance is somebody else's, and which ports are wanted for the rest. A wanted port that is taken is
 * replaced by a free one.
 *
 * @param kafka host:port of a Kafka to use instead of an embedded one
 * @param clickhouseUrl {@code http://[user:password@]host:port[/database]} to use instead of an embedded one
 * @param postgresUrl {@code postgresql://user[:password]@host:port/database} to use instead of an embedded one
 * @param partitions how many {@code usage-events} gets when it is created
 * @param meters how meters are counted
 * @param edge makes of the usual edge the wanted one
 * @param webhooks how invoicing's events are delivered
 * @param terms who issues invoices, and when they may be closed and are due
 * @param branding what the PDF of an invoice looks like
 * @param mail how alerts are sent by e-mail, if they are
 */
public record InstanceOptions(
        Optional<String> kafka,
        Optional<String> clickhouseUrl,
        Optional<String> postgresUrl,
        WantedPorts ports,
        int partitions,
        MeterCatalogue meters,
        UnaryOperator<IngestConfig> edge,
        WebhookConfig webhooks,
        BillingTerms terms,
        Branding branding,
        Optional<MailConfig> mail) {

    /** With the usual partitions, meters, edge, webhooks and terms, and no branding. */
    public InstanceOptions(
            Optional<String> kafka, Optional<String> clickhouseUrl, Optional<String> postgresUrl, WantedPorts ports) {
        this(
                kafka,
                clickhouseUrl,
                postgresUrl,
                ports,
                UsageTopics.PARTITIONS,
                MeterCatalogue.usual(),
                usual -> usual,
                WebhookConfig.usual(),
                BillingTerms.USUAL,
                Branding.none(),
                Optional.empty());
    }

    /** The ports that an instance would like to have; 0 is any. */
    public record WantedPorts(
            int ingest,
            int ingestAdmin,
            int api,
            int apiAdmin,
            int aggregatorAdmin,
            int kafka,
            int clickhouse,
            int postgres) {

        public static final WantedPorts USUAL = new WantedPorts(8080, 8090, 8081, 8091, 8092, 9092, 8123, 5432);
        public static final WantedPorts ANY = new WantedPorts(0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** All parts embedded. */
    public static InstanceOptions embedded(WantedPorts ports) {
        return new InstanceOptions(Optional.empty(), Optional.empty(), Optional.empty(), ports);
    }
}
