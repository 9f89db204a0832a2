package io.tollgate.service;

import jakarta.ws.rs.core.Response;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;

/**
 * A body as the server reads it from its connection. All that can go wrong with its coming ends here in a problem, so that
 * neither filters nor resources need to know how the server tells it: only what is wrong inside of a body is theirs.
 */
final class ArrivingBody extends FilterInputStream {

    private final long length;
    private final SlowestBody slowest;
    private long count;
    private long waitedNanos;
    private boolean isAtItsEnd;

    /** @param length less than 0 when nobody knows */
    ArrivingBody(InputStream body, long length, SlowestBody slowest) {
        super(body);
        this.length = length;
        this.slowest = slowest;
    }

    /** Whether all of it was read. */
    boolean isAtItsEnd() {
        return isAtItsEnd;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int offset, int wanted) throws IOException {
        long start = System.nanoTime();
        int read;
        try {
            read = super.read(bytes, offset, wanted);
        } catch (IOException | RuntimeException e) {
            throw failed(e);
        }
        count += Math.max(0, read);
        isAtItsEnd |= read < 0 || count == length;
        // What we do between two reads is not the sender's time.
        waitedNanos += System.nanoTime() - start;
        if (!isAtItsEnd && slowest.isUnder(count, waitedNanos)) {
            throw tooSlow();
        }
        return read;
    }

    @Override
    public int available() throws IOException {
        try {
            return super.available();
        } catch (IOException | RuntimeException e) {
            throw failed(e);
        }
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private static RuntimeException failed(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException) {
                return tooSlow();
            }
            if (cause instanceof HttpException) {
                // Also of a sender that closed its side: the server does not tell them apart.
                return new ProblemException(
                        Problem.of(
                                Response.Status.BAD_REQUEST,
                                "bad_request",
                                "The body does not keep to HTTP: its chunks or its length are wrong, or it ends before its end."));
            }
        }
        if (failure instanceof RuntimeException ours) {
            return ours;
        }
        return new ProblemException(Problem.of(
                Response.Status.BAD_REQUEST, "body_incomplete", "The connection ended before the body did."));
    }

    private static ProblemException tooSlow() {
        return new ProblemException(Problem.of(
                Response.Status.REQUEST_TIMEOUT,
                "body_too_slow",
                "The body came too slowly, and nothing of it was taken. Send it again, over a better line, packed, or in"
                        + " smaller parts."));
    }
}
