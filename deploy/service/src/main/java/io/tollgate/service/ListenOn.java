package io.tollgate.service;

/**
 * Where a service listens.
 *
 * @param host address to bind; loopback unless somebody decides otherwise
 * @param port wanted application port, 0 to 65535; 0 is any
 * @param adminPort wanted port for health and metrics, 0 to 65535; 0 is any
 */
public record ListenOn(String host, int port, int adminPort) {

    private static final int PORT_MAX = 65_535;

    public ListenOn {
        check(port);
        check(adminPort);
        if (host.isBlank()) {
            throw new IllegalArgumentException("the host to bind is empty");
        }
    }

    /** The wanted ports of the loopback address. */
    public static ListenOn loopback(int port, int adminPort) {
        return new ListenOn("127.0.0.1", port, adminPort);
    }

    /** Two free ports of the loopback address. */
    public static ListenOn anyPort() {
        return loopback(0, 0);
    }

    private static void check(int port) {
        if (port < 0 || port > PORT_MAX) {
            throw new IllegalArgumentException("port " + port + " is not between 0 and 65535");
        }
    }
}
