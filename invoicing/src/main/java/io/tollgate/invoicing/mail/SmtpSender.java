package io.tollgate.invoicing.mail;

import io.tollgate.invoicing.postgres.MailOutbox.Claim;
import jakarta.mail.Authenticator;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.util.Date;
import java.util.Optional;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;

/** Hands letters to an SMTP server (RFC 5321), one at a time. */
final class SmtpSender {

    private static final int PERMANENT_MIN = 500;
    private static final int ERROR_LENGTH_MAX = 300;

    private final MailConfig config;
    private final Session session;

    /**
     * Why a letter was not taken.
     *
     * @param permanent whether the server says that it never will be
     */
    record Failure(boolean permanent, String why) {}

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
            return Optional.of(new Failure(isPermanent(e), phrase(e)));
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

    /** What the server says of this letter for good; that it does not know our login may be mended. */
    private static boolean isPermanent(MessagingException failure) {
        for (Throwable cause = failure; cause != null; cause = next(cause)) {
            int code = 0;
            if (cause instanceof SMTPAddressFailedException refused) {
                code = refused.getReturnCode();
            } else if (cause instanceof SMTPSenderFailedException refused) {
                code = refused.getReturnCode();
            } else if (cause instanceof SMTPSendFailedException refused) {
                code = refused.getReturnCode();
            }
            if (code >= PERMANENT_MIN) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Throwable next(Throwable failure) {
        return failure instanceof MessagingException chained ? chained.getNextException() : failure.getCause();
    }

    private static String phrase(Exception e) {
        String phrase = (e.getClass().getSimpleName() + ": " + e.getMessage()).replaceAll("\\p{Cntrl}+", " ");
        return phrase.length() > ERROR_LENGTH_MAX ? phrase.substring(0, ERROR_LENGTH_MAX) : phrase;
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
