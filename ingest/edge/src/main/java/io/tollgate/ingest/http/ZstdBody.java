package io.tollgate.ingest.http;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.tollgate.service.Problem;
import io.tollgate.service.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A body in zstd, unpacked as it is read. Native memory is taken at the first read, so that who never reads owes none. */
final class ZstdBody extends InputStream {

    /** 8 MiB, the largest window of the content coding (RFC 9659, section 3): one byte could else ask for gigabytes. */
    private static final int WINDOW_LOG_MAX = 23;

    private final InputStream packed;
    private @Nullable ZstdInputStreamNoFinalizer unpacked;

    ZstdBody(InputStream packed) {
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
            ZstdInputStreamNoFinalizer stream = unpacked;
            if (stream == null) {
                stream = new ZstdInputStreamNoFinalizer(packed);
                unpacked = stream;
                stream.setLongMax(WINDOW_LOG_MAX);
            }
            return stream.read(bytes, offset, length);
        } catch (ZstdIOException e) {
            throw new ProblemException(Problem.of(
                    400,
                    "invalid_zstd",
                    "The body is not zstd, though Content-Encoding says so, or wants a window of more than 8 MiB. Pack"
                            + " it, or leave the header out."));
        }
    }

    @Override
    public void close() throws IOException {
        if (unpacked == null) {
            packed.close();
        } else {
            unpacked.close();
        }
    }
}
