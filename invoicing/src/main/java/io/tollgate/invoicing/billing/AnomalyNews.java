package io.tollgate.invoicing.billing;

import java.time.Instant;
import java.util.SortedMap;
import java.util.SortedSet;

/** Whoever tells people of anomalies; the same anomaly told again must not reach them twice. */
@FunctionalInterface
public interface AnomalyNews {

    /**
     * Tells of one.
     *
     * @param id of the anomaly
     * @param headline for people, a sentence
     * @param facts the particulars, name to value
     * @param link path of it in the API
     * @param recipients e-mail addresses, beside webhooks
     */
    void tell(
            String tenant,
            String id,
            String headline,
            SortedMap<String, String> facts,
            String link,
            SortedSet<String> recipients,
            Instant now);
}
