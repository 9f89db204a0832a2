package io.tollgate.invoicing.mail;

import io.tollgate.invoicing.postgres.MailOutbox.Claim;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Authenticator;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.util.Date;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import javax.net.ssl.SSLException;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;

/** Hands letters to an SMTP server (RFC 5321), one at a time. */
final class SmtpSender {

    private static final int PERMANENT_MIN = 500;

    /** To who must log in first, or begin TLS (RFC 4954, RFC 3207): that is not about the letter. */
    private static final int LOGIN_WANTED = 530;

    private static final int ERROR_LENGTH_MAX = 300;

    private final MailConfig config;
    private final Session session;

    /** What stands in the way of a letter. */
    enum Obstacle {
        /** The server says that it never will take it (5xx). */
        LETTER_REFUSED,
        /** It wants a login and was given none, or does not know our name or password; that may be mended. */
        LOGIN_REFUSED,
        /** It offers no STARTTLS, so it was sent neither letter nor password. */
        NO_STARTTLS,
        /** No TLS comes about, be it that its certificate is not trusted or is another host's: it was sent nothing either. */
        TLS_FAILED,
        UNREACHABLE,
        /** Whatever else; the server may take it later. */
        NOT_TAKEN;

        private String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Why a letter was not taken.
     *
     * @param detail what the server says, or the network
     */
    record Failure(Obstacle obstacle, String detail) {

        /** Whether there is no use in trying again. */
        boolean permanent() {
            return obstacle == Obstacle.LETTER_REFUSED;
        }

        String why() {
            return obstacle.label() + ": " + detail;
        }
    }

    SmtpSender(MailConfig config) {
        this.config = config;
        this.session = Session.getInstance(properties(config), authenticator(config));
    }

    /** Makes one attempt; empty if the server has taken the letter. */
    Optional<Failure> send(Claim letter) {
        try {
            Transport.send(message(letter));
            return Optional.empty();
        } catch (MessagingException e) {
            return Optional.of(new Failure(obstacle(e), detail(e)));
        }
    }

    private MimeMessage message(Claim letter) throws MessagingException {
        MimeMessage message = new MimeMessage(session) {
            /** The library would draw another id for each attempt. */
            @Override
            protected void updateMessageID() throws MessagingException {
                setHeader("Message-ID", letter.messageId());
            }
        };
        message.setFrom(new InternetAddress(config.from()));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress(letter.recipient()));
        // Signs of control would begin another header.
        message.setSubject(letter.subject().replaceAll("\\p{Cntrl}", " "), "UTF-8");
        message.setSentDate(Date.from(letter.writtenAt()));
        message.setHeader("Auto-Submitted", "auto-generated");
        message.setText(letter.body(), "UTF-8");
        return message;
    }

    private static Obstacle obstacle(MessagingException failure) {
        for (Throwable cause = failure; cause != null; cause = next(cause)) {
            int code = code(cause);
            if (code >= PERMANENT_MIN && code != LOGIN_WANTED) {
                return Obstacle.LETTER_REFUSED;
            }
            if (code == LOGIN_WANTED || cause instanceof AuthenticationFailedException) {
                return Obstacle.LOGIN_REFUSED;
            }
            if (cause instanceof SSLException) {
                return Obstacle.TLS_FAILED;
            }
            if (String.valueOf(cause.getMessage()).startsWith("STARTTLS is required")) {
                return Obstacle.NO_STARTTLS;
            }
            if (cause instanceof IOException) {
                return Obstacle.UNREACHABLE;
            }
        }
        return Obstacle.NOT_TAKEN;
    }

    /** What the server answered about the letter; 0 if it is not about that. */
    private static int code(Throwable cause) {
        if (cause instanceof SMTPAddressFailedException refused) {
            return refused.getReturnCode();
        } else if (cause instanceof SMTPSenderFailedException refused) {
            return refused.getReturnCode();
        }
        return cause instanceof SMTPSendFailedException refused ? refused.getReturnCode() : 0;
    }

    private static @Nullable Throwable next(Throwable failure) {
        return failure instanceof MessagingException chained ? chained.getNextException() : failure.getCause();
    }

    /** The innermost is what happened; the others say what that prevented. */
    private static String detail(Throwable failure) {
        Throwable innermost = failure;
        for (Throwable cause = failure; cause != null; cause = next(cause)) {
            innermost = cause;
        }
        String detail = String.valueOf(innermost.getMessage())
                .replaceAll("\\p{Cntrl}+", " ")
                .strip();
        return detail.length() > ERROR_LENGTH_MAX ? detail.substring(0, ERROR_LENGTH_MAX) : detail;
    }

    private static Properties properties(MailConfig config) {
        String millis = Long.toString(config.timeout().toMillis());
        Properties properties = new Properties();
        properties.setProperty("mail.transport.protocol", "smtp");
        properties.setProperty("mail.smtp.host", config.host());
        properties.setProperty("mail.smtp.port", Integer.toString(config.port()));
        properties.setProperty("mail.smtp.auth", Boolean.toString(config.login().isPresent()));
        properties.setProperty("mail.smtp.from", config.from());
        properties.setProperty("mail.smtp.connectiontimeout", millis);
        properties.setProperty("mail.smtp.timeout", millis);
        properties.setProperty("mail.smtp.writetimeout", millis);
        // A certificate of another server is no protection.
        properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
        boolean startTls = config.security() == MailConfig.Security.STARTTLS;
        properties.setProperty("mail.smtp.starttls.enable", Boolean.toString(startTls));
        properties.setProperty("mail.smtp.starttls.required", Boolean.toString(startTls));
        properties.setProperty("mail.smtp.ssl.enable", Boolean.toString(config.security() == MailConfig.Security.TLS));
        return properties;
    }

    private static Authenticator authenticator(MailConfig config) {
        return new Authenticator() {
            @Override
            protected @Nullable PasswordAuthentication getPasswordAuthentication() {
                return config.login()
                        .map(login -> new PasswordAuthentication(login.user(), login.password()))
                        .orElse(null);
            }
        };
    }
}
