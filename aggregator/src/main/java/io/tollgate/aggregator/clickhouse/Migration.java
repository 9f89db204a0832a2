package io.tollgate.aggregator.clickhouse;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One step of the schema. Once released its text is never changed. Each of its statements does nothing the second time:
 * ClickHouse has no transactions, so a step that was cut short, or that two instances take at once, is taken again.
 *
 * @param version from 1
 * @param sql statements, each ended by a semicolon at the end of a line
 */
record Migration(int version, String description, String sql) {

    private static final Pattern NAME = Pattern.compile("V(\\d{3})__(\\w+)\\.sql");

    /** @param file beside this class, named as {@code V001__what_it_does.sql} */
    static Migration ofResource(String file) {
        Matcher name = NAME.matcher(file);
        if (!name.matches()) {
            throw new IllegalArgumentException(file + " is not named as V001__what_it_does.sql");
        }
        try (InputStream in = Migration.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + file);
            }
            String sql = new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
            return new Migration(Integer.parseInt(name.group(1)), name.group(2).replace('_', ' '), sql);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    List<String> statements() {
        return Arrays.stream(sql.split(";\\s*(\\n|$)", -1))
                .filter(statement -> !statement.isBlank())
                .map(String::strip)
                .toList();
    }

    /** SHA-256 of its text, in hexadecimal digits. */
    String checksum() {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(sql.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "V%03d (%s)".formatted(version, description);
    }
}
