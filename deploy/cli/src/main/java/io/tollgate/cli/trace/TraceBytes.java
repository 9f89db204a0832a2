package io.tollgate.cli.trace;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/** Opens a trace for reading, unpacked if it is packed: the first bytes decide, not the name. */
final class TraceBytes {

    private static final int CHUNK = 1 << 16;

    /** RFC 1952, section 2.3.1: ID1 and ID2. */
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};

    /** RFC 8878, section 3.1.1: Magic_Number. */
    private static final byte[] ZSTD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};

    private TraceBytes() {}

    static InputStream open(Path file) throws IOException {
        BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file), CHUNK);
        try {
            if (beginsWith(in, GZIP)) {
                return new GZIPInputStream(in, CHUNK);
            }
            return beginsWith(in, ZSTD) ? new ZstdInputStream(in) : in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static boolean beginsWith(BufferedInputStream in, byte[] magic) throws IOException {
        in.mark(magic.length);
        byte[] first = in.readNBytes(magic.length);
        in.reset();
        return Arrays.equals(first, magic);
    }
}
