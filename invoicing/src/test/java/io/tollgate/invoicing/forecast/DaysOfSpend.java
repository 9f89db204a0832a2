package io.tollgate.invoicing.forecast;

import io.tollgate.invoicing.SharedData;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/** Series to try forecasts on: generated ones of several kinds, and real ones. */
final class DaysOfSpend {

    static final int DAYS = 120;

    private static final String TRACES = "traces/servegen_deepseek-r1_mm-image.tar.gz";
    private static final int TAR_BLOCK = 512;

    private DaysOfSpend() {}

    /** Kinds of tenants, so many of each; the same for the same seed. */
    static Map<String, List<List<BigDecimal>>> generated(long seed, int ofEach) {
        Random random = new Random(seed);
        Map<String, List<List<BigDecimal>>> kinds = new LinkedHashMap<>();
        for (int i = 0; i < ofEach; i++) {
            double base = 10 * Math.exp(4 * random.nextDouble());
            double weekend = 0.1 + 0.7 * random.nextDouble();
            double growth = Math.pow(0.95 + 0.15 * random.nextDouble(), 1 / 7.0);
            int shift = 20 + random.nextInt(80);
            double shifted = Math.exp(random.nextGaussian());
            double[] walk = new double[DAYS];
            for (int day = 1; day < DAYS; day++) {
                walk[day] = walk[day - 1] + 0.08 * random.nextGaussian();
            }
            IntToDoubleFunction week = day -> day % 7 < 5 ? 1 : weekend;
            IntToDoubleFunction noise = day -> Math.exp(0.2 * random.nextGaussian());
            add(kinds, "steady, no weekdays", day -> base * noise.applyAsDouble(day));
            add(kinds, "weekdays", day -> base * week.applyAsDouble(day) * noise.applyAsDouble(day));
            add(
                    kinds,
                    "weekdays, growing -5..+10 % a week",
                    day -> base * week.applyAsDouble(day) * Math.pow(growth, day) * noise.applyAsDouble(day));
            add(
                    kinds,
                    "weekdays, one change of level",
                    day -> base * week.applyAsDouble(day) * (day < shift ? 1 : shifted) * noise.applyAsDouble(day));
            add(kinds, "wandering level", day -> base * week.applyAsDouble(day) * Math.exp(walk[day]));
            add(kinds, "bursts", day -> base * Math.exp(random.nextGaussian()));
            add(
                    kinds,
                    "a batch on one day in five",
                    day -> random.nextInt(5) == 0 ? base * noise.applyAsDouble(day) : 0);
        }
        return kinds;
    }

    private static void add(Map<String, List<List<BigDecimal>>> kinds, String kind, IntToDoubleFunction spend) {
        kinds.computeIfAbsent(kind, name -> new ArrayList<>())
                .add(IntStream.range(0, DAYS)
                        .mapToObj(day -> new BigDecimal(spend.applyAsDouble(day), new MathContext(10)))
                        .toList());
    }

    /** Requests of each client of ServeGen in every ten minutes of one day: 144 steps of 108 clients. */
    static List<List<BigDecimal>> requestsOfRealClients() throws IOException {
        List<List<BigDecimal>> clients = new ArrayList<>();
        try (InputStream in =
                new GZIPInputStream(new BufferedInputStream(Files.newInputStream(SharedData.require(TRACES))))) {
            for (byte[] header = in.readNBytes(TAR_BLOCK);
                    header.length == TAR_BLOCK && header[0] != 0;
                    header = in.readNBytes(TAR_BLOCK)) {
                String name = new String(header, 0, 100, StandardCharsets.US_ASCII).trim();
                int size = Integer.parseInt(new String(header, 124, 11, StandardCharsets.US_ASCII).trim(), 8);
                byte[] content = in.readNBytes(size);
                in.skipNBytes((TAR_BLOCK - size % TAR_BLOCK) % TAR_BLOCK);
                if (name.endsWith("-trace.csv")) {
                    clients.add(new String(content, StandardCharsets.UTF_8)
                            .lines()
                            .map(line -> new BigDecimal(line.split(",", -1)[1], MathContext.DECIMAL64))
                            .map(perSecond -> perSecond.multiply(BigDecimal.valueOf(600)))
                            .toList());
                }
            }
        }
        return clients;
    }
}
