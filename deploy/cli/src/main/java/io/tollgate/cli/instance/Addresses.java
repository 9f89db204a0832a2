package io.tollgate.cli.instance;

import io.tollgate.connection.ClickHouseUrl;
import io.tollgate.invoicing.connection.ConnectionUrl;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Addresses of parts that somebody else runs: how they are written, and how they are shown. */
final class Addresses {

    private static final String HOST_AND_PORT = "(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]):(\\d{1,5})";
    private static final Pattern KAFKA = Pattern.compile(HOST_AND_PORT + "(?:," + HOST_AND_PORT + ")*");
    private static final Pattern PORT = Pattern.compile(":(\\d+)(?:,|$)");
    private static final int PORT_MAX = 65_535;

    private Addresses() {}

    /** The URL as it may be shown: without the password. */
    static String masked(String url) {
        return url.replaceFirst("://([^/@:]*):[^/@]*@", "://$1:***@")
                .replaceAll("(?i)([?&][^=&]*password)=[^&]*", "$1=***");
    }

    /** Where something of ours listens. */
    record HostAndPort(String host, int port) {}

    /** {@code HOST:PORT}; port 0 is any. */
    static final class Listen implements ITypeConverter<HostAndPort> {

        private static final Pattern FORM = Pattern.compile(HOST_AND_PORT);

        @Override
        public HostAndPort convert(String value) {
            Matcher form = FORM.matcher(value);
            if (!form.matches() || Integer.parseInt(form.group(1)) > PORT_MAX) {
                throw new TypeConversionException("'" + value + "' is not HOST:PORT, such as 127.0.0.1:8080");
            }
            String host = value.substring(0, form.start(1) - 1).replaceAll("[\\[\\]]", "");
            return new HostAndPort(host, Integer.parseInt(form.group(1)));
        }
    }

    /** {@code HOST:PORT[,HOST:PORT]}. */
    static final class Kafka implements ITypeConverter<String> {

        @Override
        public String convert(String value) {
            if (!KAFKA.matcher(value).matches()
                    || !PORT.matcher(value)
                            .results()
                            .mapToInt(port -> Integer.parseInt(port.group(1)))
                            .allMatch(port -> port > 0 && port <= PORT_MAX)) {
                throw new TypeConversionException(
                        "'" + value + "' is not HOST:PORT[,HOST:PORT], such as 127.0.0.1:9092");
            }
            return value;
        }
    }

    /** {@code http://[user:password@]host:port[/database]}. */
    static final class ClickHouse implements ITypeConverter<String> {

        @Override
        public String convert(String value) {
            try {
                ClickHouseUrl.parse(value);
                return value;
            } catch (IllegalArgumentException e) {
                // Without the value: a password may stand in it.
                throw new TypeConversionException("the URL is not http://[user:password@]host:port[/database],"
                        + " such as http://default:secret@127.0.0.1:8123/tollgate");
            }
        }
    }

    /** {@code postgresql://user[:password]@host:port/database}. */
    static final class Postgres implements ITypeConverter<String> {

        @Override
        public String convert(String value) {
            try {
                ConnectionUrl.postgres(value);
                return value;
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("the URL is not postgresql://user[:password]@host:port/database,"
                        + " such as postgresql://tollgate:secret@127.0.0.1:5432/tollgate");
            }
        }
    }
}
