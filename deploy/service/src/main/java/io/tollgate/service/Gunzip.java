package io.tollgate.service;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks bodies in gzip (RFC 1952, several members allowed), before the limit of bytes, which so counts unpacked ones,
 * and takes the coding out of the headers. Not left to Jetty, which takes a body that was cut off for a whole one.
 */
@Priority(Priorities.ENTITY_CODER - 2)
final class Gunzip implements ContainerRequestFilter {

    private static final List<String> NAMES = List.of("gzip", "x-gzip");

    @Override
    public void filter(ContainerRequestContext request) {
        String coding = request.getHeaderString(HttpHeaders.CONTENT_ENCODING);
        if (coding != null && NAMES.stream().anyMatch(coding.strip()::equalsIgnoreCase)) {
            request.getHeaders().remove(HttpHeaders.CONTENT_ENCODING);
            request.getHeaders().remove(HttpHeaders.CONTENT_LENGTH);
            request.setEntityStream(new Unpacked(request.getEntityStream()));
        }
    }

    /** Nothing is set up before the first read, so that who never reads owes nothing. */
    private static final class Unpacked extends InputStream {

        private final InputStream packed;
        private @Nullable Members members;

        Unpacked(InputStream packed) {
            this.packed = packed;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            try {
                Members open = members;
                if (open == null) {
                    open = new Members(new Ahead(packed));
                    members = open;
                }
                return open.read(bytes, offset, length);
            } catch (ZipException | EOFException e) {
                throw refusal();
            }
        }

        private static ProblemException refusal() {
            return new ProblemException(Problem.of(
                    400,
                    "invalid_gzip",
                    "The body is not gzip, or not all of it, though Content-Encoding says so. Pack it, or leave the header"
                            + " out."));
        }

        @Override
        public void close() throws IOException {
            if (members == null) {
                packed.close();
            } else {
                members.close();
            }
        }
    }

    /** Java passes over what follows a member and is none itself: such as a member that was cut off in its header. */
    private static final class Members extends GZIPInputStream {

        private static final int TRAILER_BYTES = 8;
        private static final int BUFFER_BYTES = 8 << 10;
        /** Java reads the next member within the reading of the last one, so a row of empty ones would use up the stack. */
        private static final int EMPTY_IN_A_ROW_MAX = 100;

        private final Ahead packed;
        private int depth;

        Members(Ahead packed) throws IOException {
            super(packed, BUFFER_BYTES);
            this.packed = packed;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read;
            depth++;
            try {
                if (depth > EMPTY_IN_A_ROW_MAX) {
                    throw new ZipException("too many empty members");
                }
                read = super.read(bytes, offset, length);
            } finally {
                depth--;
            }
            if (read < 0 && (packed.saidMore || inf.getRemaining() > TRAILER_BYTES)) {
                throw new ZipException("what follows is no gzip");
            }
            return read;
        }
    }

    /** Java asks for available bytes to learn whether there is another member; a connection may have none yet. */
    private static final class Ahead extends PushbackInputStream {

        private boolean saidMore;

        Ahead(InputStream packed) {
            super(packed);
        }

        @Override
        public int available() throws IOException {
            int next = read();
            saidMore = next >= 0;
            if (saidMore) {
                unread(next);
            }
            return saidMore ? Math.max(1, super.available()) : 0;
        }
    }
}
