package io.tollgate.invoicing.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;

/** Somebody who gets letters, over real SMTP. */
public final class Postbox implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 30;

    private final SMTPServer server;
    private final LinkedBlockingQueue<Got> queue = new LinkedBlockingQueue<>();
    private final List<Got> all = new CopyOnWriteArrayList<>();
    private final List<String> logins = new CopyOnWriteArrayList<>();
    private volatile String password = "";

    /** What is done about a letter before it is said to be taken. */
    public interface Behaviour {
        void take(Got letter) throws RejectException;
    }

    /** A letter. */
    public record Got(String to, String subject, String messageId, String whole) {}

    /** One that speaks in clear, and takes all. */
    public static Postbox inClear() {
        return new Postbox(server -> server.hideTLS(), letter -> {});
    }

    /** @param how what the server is like */
    Postbox(UnaryOperator<SMTPServer.Builder> how, Behaviour behaviour) {
        server = how.apply(SMTPServer.port(0)
                        .bindAddress(InetAddress.getLoopbackAddress())
                        .authenticationHandlerFactory(new EasyAuthenticationHandlerFactory((user, secret, context) -> {
                            logins.add(user);
                            if (!secret.equals(password)) {
                                throw new LoginFailedException("no");
                            }
                        }))
                        .messageHandler((context, from, to, data) -> {
                            Got letter = read(to, data);
                            behaviour.take(letter);
                            all.add(letter);
                            queue.add(letter);
                        }))
                .build();
        server.start();
    }

    private static Got read(String to, byte[] data) {
        try {
            MimeMessage message =
                    new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(data));
            return new Got(
                    to,
                    message.getSubject(),
                    message.getMessageID(),
                    message.getContent().toString());
        } catch (MessagingException | java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    Postbox withPassword(String wanted) {
        password = wanted;
        return this;
    }

    public int port() {
        return server.getPortAllocated();
    }

    /** The next letter, waiting for it. */
    public Got next() {
        try {
            Got got = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (got == null) {
                throw new AssertionError("nothing came; before that: " + all);
            }
            return got;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** All letters so far, in order. */
    public List<Got> all() {
        return List.copyOf(all);
    }

    /** Who tried to log in. */
    List<String> logins() {
        return List.copyOf(logins);
    }

    @Override
    public void close() {
        server.stop();
    }
}
