package io.tollgate.parts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;

/** TCP ports of the loopback interface. */
final class Ports {

    static final String HOST = "127.0.0.1";

    private Ports() {}

    /** The wanted port if nobody listens on it, else a free one; 0 wants any. */
    static int free(int wanted) {
        if (wanted < 0 || wanted > 65_535) {
            throw new IllegalArgumentException("port " + wanted + " is not between 0 and 65535");
        }
        try (ServerSocket socket = new ServerSocket(wanted, 1, address())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            if (wanted == 0) {
                throw new UncheckedIOException("No free port on " + HOST, e);
            }
            return free(0);
        }
    }

    static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address(), port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static InetAddress address() throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }
}
