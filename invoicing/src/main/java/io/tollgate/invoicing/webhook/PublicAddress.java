package io.tollgate.invoicing.webhook;

import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * Tells addresses of the public internet from those that a stranger must not make us call (server-side request
 * forgery): loopback, private, link-local and all else that the special-purpose registries of IANA (RFC 6890) keep from
 * global use.
 */
public final class PublicAddress {

    private static final int[][] KEPT_BACK_V4 = {
        // first octets, length of the prefix
        {0, 0, 0, 0, 8},
        {10, 0, 0, 0, 8},
        {100, 64, 0, 0, 10},
        {127, 0, 0, 0, 8},
        {169, 254, 0, 0, 16},
        {172, 16, 0, 0, 12},
        {192, 0, 0, 0, 24},
        {192, 0, 2, 0, 24},
        {192, 88, 99, 0, 24},
        {192, 168, 0, 0, 16},
        {198, 18, 0, 0, 15},
        {198, 51, 100, 0, 24},
        {203, 0, 113, 0, 24},
        {224, 0, 0, 0, 3}
    };

    private static final int[][] KEPT_BACK_V6 = {
        // Teredo and the rest of the protocol assignments, documentation, 6to4: the last may hide a private IPv4.
        {0x20, 0x01, 0x00, 0x00, 23},
        {0x20, 0x01, 0x0d, 0xb8, 32},
        {0x20, 0x02, 0x00, 0x00, 16}
    };

    private static final int[] GLOBAL_UNICAST_V6 = {0x20, 0x00, 0x00, 0x00, 3};

    private PublicAddress() {}

    public static boolean is(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet6Address
                ? in(GLOBAL_UNICAST_V6, bytes) && notIn(KEPT_BACK_V6, bytes)
                : notIn(KEPT_BACK_V4, bytes);
    }

    private static boolean notIn(int[][] prefixes, byte[] address) {
        for (int[] prefix : prefixes) {
            if (in(prefix, address)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the first bits are those of the prefix; none is longer than 32. */
    private static boolean in(int[] prefix, byte[] address) {
        int bits = prefix[4];
        return bits(prefix[0], prefix[1], prefix[2], prefix[3]) >>> (Integer.SIZE - bits)
                == bits(address[0], address[1], address[2], address[3]) >>> (Integer.SIZE - bits);
    }

    private static int bits(int first, int second, int third, int fourth) {
        return (first & 0xff) << 24 | (second & 0xff) << 16 | (third & 0xff) << 8 | (fourth & 0xff);
    }
}
