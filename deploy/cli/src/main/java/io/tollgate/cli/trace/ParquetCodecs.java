package io.tollgate.cli.trace;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/** Unpacks the pages of Parquet files. The library's own way needs Hadoop for gzip. */
final class ParquetCodecs implements CompressionCodecFactory {

    private static final Set<CompressionCodecName> UNPACKED = EnumSet.of(
            CompressionCodecName.UNCOMPRESSED,
            CompressionCodecName.SNAPPY,
            CompressionCodecName.GZIP,
            CompressionCodecName.ZSTD);

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return new BytesInputDecompressor() {

            @Override
            public BytesInput decompress(BytesInput packed, int size) throws IOException {
                return BytesInput.from(unpack(codec, packed.toInputStream().readAllBytes(), size));
            }

            @Override
            public void decompress(ByteBuffer packed, int packedSize, ByteBuffer unpacked, int size)
                    throws IOException {
                byte[] bytes = new byte[packedSize];
                packed.get(bytes);
                unpacked.put(unpack(codec, bytes, size));
            }

            @Override
            public void release() {}
        };
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        throw new IllegalStateException("traces are only read");
    }

    @Override
    public void release() {}

    /** @throws IllegalArgumentException when pages packed so cannot be unpacked; it says what to do */
    static void mustUnpack(CompressionCodecName codec) {
        if (!UNPACKED.contains(codec)) {
            throw new IllegalArgumentException(
                    "its pages are packed with " + codec + "; write the file with zstd, snappy or gzip");
        }
    }

    private static byte[] unpack(CompressionCodecName codec, byte[] packed, int size) throws IOException {
        return switch (codec) {
            case UNCOMPRESSED -> packed;
            case SNAPPY -> Snappy.uncompress(packed);
            case GZIP -> new GZIPInputStream(new ByteArrayInputStream(packed)).readNBytes(size);
            case ZSTD -> Zstd.decompress(packed, size);
            case LZO, BROTLI, LZ4, LZ4_RAW ->
                throw new IllegalStateException(codec + " is refused when the file is opened");
        };
    }
}
