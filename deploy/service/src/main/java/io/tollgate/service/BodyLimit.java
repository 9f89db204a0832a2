package io.tollgate.service;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.Response;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refuses bodies beyond a number of bytes, counted as the resource reads them: after gzip was unpacked. */
@Priority(Priorities.ENTITY_CODER)
class BodyLimit implements ContainerRequestFilter {

    /** The same for what arrives, as it arrives: there is no end of packed bytes that unpack to none. */
    @Priority(Priorities.ENTITY_CODER - 3)
    static final class Packed extends BodyLimit {

        Packed(long maxBytes) {
            super(maxBytes);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(BodyLimit.class);
    /** Bodies of up to so many times the limit. */
    private static final int PASSED_OVER = 2;

    private static final String EXPECT = "Expect";

    private final long maxBytes;

    BodyLimit(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        if (request.getLength() > maxBytes) {
            passOver(request);
            throw tooLarge();
        }
        // Not if it has an entity: to know, Jersey would read, and a failure would be its own.
        request.setEntityStream(new Limited(request.getEntityStream()));
    }

    /**
     * Who is still sending when the connection is closed may never see the answer. So what is not far beyond the limit is
     * read, and thrown away; who waits for leave to send needs no such thing.
     */
    private void passOver(ContainerRequestContext request) {
        if (request.getLength() / PASSED_OVER > maxBytes || request.getHeaderString(EXPECT) != null) {
            return;
        }
        try {
            request.getEntityStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException | ProblemException e) {
            LOG.debug("a body that is too large did not come whole", e);
        }
    }

    private ProblemException tooLarge() {
        return new ProblemException(Problem.of(
                        Response.Status.REQUEST_ENTITY_TOO_LARGE,
                        "body_too_large",
                        "The body is larger than " + maxBytes
                                + " bytes, the most that is taken in one request. Send it in several requests.")
                .with("maxBytes", maxBytes));
    }

    private final class Limited extends FilterInputStream {

        private long left = maxBytes;

        Limited(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            if (read >= 0) {
                count(1);
            }
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            if (read > 0) {
                count(read);
            }
            return read;
        }

        @Override
        public boolean markSupported() {
            return false;
        }

        private void count(int read) {
            left -= read;
            if (left < 0) {
                throw tooLarge();
            }
        }
    }
}
