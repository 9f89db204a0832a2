package io.tollgate.invoicing.adminapi;

import java.util.regex.Pattern;

/**
 * Tokens of ours as they go through vendors' tools. Some tools refuse a key that does not begin as their vendor's do
 * ({@code sk-admin-…}, {@code sk-ant-admin01-…}), so such a beginning may be put before a token.
 */
final class VendorKeys {

    private static final Pattern BEGINNING = Pattern.compile("^sk-(ant-)?admin[0-9]{0,2}-");

    private VendorKeys() {}

    static String token(String key) {
        return BEGINNING.matcher(key).replaceFirst("");
    }
}
