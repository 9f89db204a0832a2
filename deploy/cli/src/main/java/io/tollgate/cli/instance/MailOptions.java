package io.tollgate.cli.instance;

import io.tollgate.invoicing.mail.MailConfig;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How alerts are sent by e-mail. The password is in the environment: what stands on a command line others can read. */
final class MailOptions {

    static final String PASSWORD = "TOLLGATE_SMTP_PASSWORD";

    private static final int SUBMISSION_PORT = 587;
    private static final int PORT_MAX = 65_535;

    @Option(
            names = "--smtp",
            paramLabel = "HOST[:PORT]",
            description =
                    "Send alerts by e-mail through this SMTP server; port 587 if none is named. Without it budgets"
                            + " with recipients are refused.")
    private @Nullable String server;

    @Option(names = "--smtp-from", paramLabel = "ADDRESS", description = "The address that e-mails come from.")
    private @Nullable String from;

    @Option(
            names = "--smtp-security",
            paramLabel = "HOW",
            defaultValue = "starttls",
            description =
                    "${COMPLETION-CANDIDATES}: how the connection is kept from others. Default: ${DEFAULT-VALUE}.")
    private MailConfig.Security security = MailConfig.Security.STARTTLS;

    @Option(
            names = "--smtp-user",
            paramLabel = "NAME",
            description = "Who we are to the server, with the password of the environment variable " + PASSWORD + ".")
    private @Nullable String user;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    /** Empty if nothing is to be sent by e-mail. */
    Optional<MailConfig> config() {
        if (server == null) {
            if (from != null || user != null) {
                throw wrong("--smtp-from and --smtp-user need --smtp HOST[:PORT]");
            }
            return Optional.empty();
        }
        if (from == null) {
            throw wrong("--smtp needs --smtp-from ADDRESS");
        }
        int colon = server.lastIndexOf(':');
        String host = colon < 0 ? server : server.substring(0, colon);
        try {
            return Optional.of(
                    MailConfig.usual(host, port(colon), login(), from).with(security));
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private int port(int colon) {
        String text = colon < 0
                ? Integer.toString(SUBMISSION_PORT)
                : String.valueOf(server).substring(colon + 1);
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > PORT_MAX) {
            throw wrong("--smtp names a port from 1 to " + PORT_MAX + ", not \"" + text + "\"");
        }
        return Integer.parseInt(text);
    }

    private Optional<MailConfig.Login> login() {
        if (user == null) {
            return Optional.empty();
        }
        String password = System.getenv(PASSWORD);
        if (password == null) {
            throw wrong("--smtp-user needs the password in the environment variable " + PASSWORD);
        }
        return Optional.of(new MailConfig.Login(user, password));
    }

    private ParameterException wrong(String why) {
        if (spec == null) {
            throw new IllegalStateException("picocli sets it");
        }
        return new ParameterException(spec.commandLine(), why);
    }
}
