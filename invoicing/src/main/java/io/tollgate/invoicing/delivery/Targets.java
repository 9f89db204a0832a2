package io.tollgate.invoicing.delivery;

import io.tollgate.invoicing.webhook.PublicAddress;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;

/**
 * Whom we call. It decides when a name is looked up for a connection, which is made to the very addresses that it lets
 * through: a name that is harmless when it is checked may mean another address when it is called.
 */
final class Targets implements DnsResolver {

    private static final int URL_LENGTH_MAX = 2048;

    /** What stands for an address, and needs no look-up. */
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|\\[.*]|(.*\\.)?localhost\\.?");

    private final boolean allowHttp;
    private final boolean allowPrivateAddresses;

    Targets(boolean allowHttp, boolean allowPrivateAddresses) {
        this.allowHttp = allowHttp;
        this.allowPrivateAddresses = allowPrivateAddresses;
    }

    /** Why nothing can be sent to the URL, as far as can be told without looking its name up; empty if it can. */
    Optional<String> refusal(String text) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            return Optional.of("url is none: " + e.getReason());
        }
        boolean secure = "https".equalsIgnoreCase(url.getScheme());
        if (!secure && !(allowHttp && "http".equalsIgnoreCase(url.getScheme()))) {
            return Optional.of("url must start with https://");
        }
        if (url.getHost() == null || url.getRawUserInfo() != null || url.getRawFragment() != null) {
            return Optional.of("url must name a host, and neither a user nor a fragment");
        }
        if (text.length() > URL_LENGTH_MAX || !text.chars().allMatch(sign -> sign < 0x7f)) {
            return Optional.of("url must have at most " + URL_LENGTH_MAX + " signs, all of ASCII");
        }
        if (LITERAL.matcher(url.getHost()).matches()) {
            try {
                resolve(url.getHost());
            } catch (UnknownHostException e) {
                return Optional.of("url: " + e.getMessage());
            }
        }
        return Optional.empty();
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] addresses = SystemDefaultDnsResolver.INSTANCE.resolve(host);
        for (InetAddress address : addresses) {
            if (!allowPrivateAddresses && !PublicAddress.is(address)) {
                throw new UnknownHostException(
                        host + " is " + address.getHostAddress() + ", which is no address of the public internet");
            }
        }
        return addresses;
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
        return SystemDefaultDnsResolver.INSTANCE.resolveCanonicalHostname(host);
    }
}
