package io.tollgate.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {

    /** Each first byte before each second one and the telling ones of the others. */
    @Test
    void itIsUtf8WhereJavaSaysSo() {
        byte[] bytes = new byte[4];
        for (int first = 0; first < 256; first++) {
            for (int second = 0; second < 256; second++) {
                for (int third : new int[] {0, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xFF}) {
                    bytes[0] = (byte) first;
                    bytes[1] = (byte) second;
                    bytes[2] = (byte) third;
                    for (int last : new int[] {0x41, 0x80, 0xBF, 0xC0}) {
                        bytes[3] = (byte) last;
                        for (int length = 1; length <= bytes.length; length++) {
                            assertSameAsJava(bytes, 0, length);
                        }
                    }
                }
            }
        }
    }

    /** Longer than a word, from any place. */
    @Test
    void oneOddByteIsFoundWhereverItIs() {
        long seed = System.nanoTime();
        System.out.println("Utf8Test seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = "größer als fünf Zeichen, und 日本語 🙂".getBytes(StandardCharsets.UTF_8);
            if (random.nextBoolean()) {
                Arrays.fill(bytes, (byte) 'a');
            }
            int start = random.nextInt(bytes.length);
            int length = random.nextInt(bytes.length - start + 1);
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            assertSameAsJava(bytes, start, length);
        }
    }

    private static void assertSameAsJava(byte[] bytes, int start, int length) {
        boolean valid = Utf8.isValid(bytes, start, length);
        if (valid != isValidInJava(bytes, start, length)) {
            assertThat(valid)
                    .as(HexFormat.of().formatHex(bytes, start, start + length))
                    .isEqualTo(!valid);
        }
    }

    /** By results and not by exceptions, which would take most of a minute. */
    private static boolean isValidInJava(byte[] bytes, int start, int length) {
        CoderResult result = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes, start, length), CharBuffer.allocate(length), true);
        return result.isUnderflow();
    }
}
