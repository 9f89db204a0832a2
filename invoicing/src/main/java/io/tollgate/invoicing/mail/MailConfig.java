package io.tollgate.invoicing.mail;

import io.tollgate.invoicing.webhook.RetrySchedule;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How letters are sent.
 *
 * @param host of the SMTP server
 * @param port usually 587 (STARTTLS), 465 (TLS) or 25
 * @param security how the connection is kept from others
 * @param login absent where the server asks for none
 * @param from the address that letters come from
 * @param schedule when what failed is tried again
 * @param timeout for the connection and for each answer
 * @param lease how long an instance has a letter to itself; another takes it over then. Longer than an attempt
 * @param pollInterval how long to wait when nothing is due
 */
public record MailConfig(
        String host,
        int port,
        Security security,
        Optional<Login> login,
        String from,
        RetrySchedule schedule,
        Duration timeout,
        Duration lease,
        Duration pollInterval) {

    /** An address as letters are sent to: no name, no list, no line break that would begin another header. */
    private static final Pattern ADDRESS =
            Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?");

    /** How the connection is kept from others. */
    public enum Security {
        /** It begins in clear and must become TLS (RFC 3207); a server that offers none gets nothing. */
        STARTTLS,
        /** TLS from the first byte (RFC 8314). */
        TLS,
        /** In clear: for a server on the same machine or in a network that is trusted. */
        NONE
    }

    /** Who we are to the server. */
    public record Login(String user, String password) {
        /** Names the user only: the password must not reach a log. */
        @Override
        public String toString() {
            return "Login[" + user + "]";
        }
    }

    public MailConfig {
        if (!isAddress(from)) {
            throw new IllegalArgumentException("letters cannot come from \"" + from + "\"");
        }
        // Connecting, the greeting, TLS, login and the letter itself: an answer to each may take its time.
        if (lease.compareTo(timeout.multipliedBy(6)) <= 0) {
            throw new IllegalArgumentException(
                    "a lease of " + lease + " ends before an attempt with answers of " + timeout + " each");
        }
    }

    /** STARTTLS, answers within 10 s, letters tried 14 times in 23 hours. */
    public static MailConfig usual(String host, int port, Optional<Login> login, String from) {
        return new MailConfig(
                host,
                port,
                Security.STARTTLS,
                login,
                from,
                RetrySchedule.usual(),
                Duration.ofSeconds(10),
                Duration.ofMinutes(5),
                Duration.ofSeconds(1));
    }

    /** The same with another way of keeping the connection from others. */
    public MailConfig with(Security other) {
        return new MailConfig(host, port, other, login, from, schedule, timeout, lease, pollInterval);
    }

    /** Whether a letter can be sent to it. */
    public static boolean isAddress(String text) {
        return ADDRESS.matcher(text).matches();
    }

    /** What the ids of letters end in. */
    public String domain() {
        return from.substring(from.indexOf('@') + 1);
    }
}
