package io.tollgate.invoicing.alert;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Something that somebody is to be told, once.
 *
 * @param raisedAt to the millisecond
 * @param recipients addresses that it is mailed to, beside the webhooks that want it
 */
public record Alert(String tenant, Cause cause, Instant raisedAt, SortedSet<String> recipients) {

    public Alert {
        recipients = Collections.unmodifiableSortedSet(new TreeSet<>(recipients));
    }

    /** Follows from its cause alone, so that the same cause is the same alert, whoever finds it and when. */
    public String id() {
        return named(cause.kind() + ' ' + cause.key());
    }

    /**
     * Of the letter to one address, as of RFC 5322: each attempt to send it bears the same.
     *
     * @param domain ours
     */
    public String messageId(String recipient, String domain) {
        return "<" + named(id() + ' ' + recipient) + "@" + domain + ">";
    }

    /** What the letter says. */
    public String text() {
        String facts = cause.facts().entrySet().stream()
                .map(fact -> fact.getKey() + ": " + fact.getValue() + "\n")
                .collect(Collectors.joining());
        return cause.headline() + "\n\n" + facts + "\n" + cause.link() + "\n";
    }

    private static String named(String key) {
        return UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
