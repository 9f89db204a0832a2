package io.tollgate.cli.traffic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * The DeepSeek-R1 clients of ServeGen: for each client the request rate in every ten minutes of a day, and for every six
 * hours the distributions of its prompt lengths, output lengths and reasoning shares.
 */
record ServeGen(
        List<Double> clientShares,
        List<Double> hourShares,
        Distribution input,
        Distribution output,
        Distribution reasoning) {

    private static final Pattern FILE = Pattern.compile(".*/deepseek-r1/chunk-(\\d+)-(trace\\.csv|dataset\\.json)");
    private static final Pattern POINT = Pattern.compile("([0-9.eE+-]+): ([0-9.eE+-]+)");
    private static final int STEP_SECONDS = 600;
    private static final int HOUR_SECONDS = 3_600;
    private static final int SEGMENT_SECONDS = 21_600;

    static ServeGen read(Path archive) throws IOException {
        Map<Integer, String> traces = new TreeMap<>();
        Map<Integer, String> datasets = new TreeMap<>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(archive));
                TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(in))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Matcher name = FILE.matcher(entry.getName());
                if (name.matches()) {
                    Map<Integer, String> files = name.group(2).equals("trace.csv") ? traces : datasets;
                    files.put(Integer.valueOf(name.group(1)), new String(tar.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        }
        return of(traces, datasets);
    }

    private static ServeGen of(Map<Integer, String> traces, Map<Integer, String> datasets) throws IOException {
        ObjectMapper json = new ObjectMapper();
        double[] hours = new double[24];
        List<Double> clients = new ArrayList<>();
        ServeGen sum = new ServeGen(List.of(), List.of(), new Distribution(), new Distribution(), new Distribution());
        for (Map.Entry<Integer, String> trace : traces.entrySet()) {
            double[] segments = new double[4];
            double requests = 0;
            for (String line : trace.getValue().lines().toList()) {
                String[] fields = line.split(",");
                int second = Integer.parseInt(fields[0]);
                double count = Double.parseDouble(fields[1]) * STEP_SECONDS;
                hours[second / HOUR_SECONDS] += count;
                segments[second / SEGMENT_SECONDS] += count;
                requests += count;
            }
            clients.add(requests);
            JsonNode dataset = json.readTree(datasets.getOrDefault(trace.getKey(), "{}"));
            for (int segment = 0; segment < segments.length; segment++) {
                sum.addSegment(dataset.path(Integer.toString(segment * SEGMENT_SECONDS)), segments[segment]);
            }
        }
        clients.sort((a, b) -> Double.compare(b, a));
        return new ServeGen(
                shares(clients), shares(Arrays.stream(hours).boxed().toList()), sum.input, sum.output, sum.reasoning);
    }

    private void addSegment(JsonNode segment, double requests) {
        add(input, segment.path("input_tokens").asText(), requests);
        add(output, segment.path("output_tokens").asText(), requests);
        add(reasoning, segment.path("reason_ratio").asText(), requests);
    }

    private static void add(Distribution to, String points, double requests) {
        Distribution own = new Distribution();
        Matcher point = POINT.matcher(points);
        while (point.find()) {
            double weight = Double.parseDouble(point.group(2));
            if (weight > 0) {
                own.add(Double.parseDouble(point.group(1)), weight);
            }
        }
        if (!own.isEmpty() && requests > 0) {
            to.addAll(own, requests);
        }
    }

    private static List<Double> shares(List<Double> counts) {
        double total = counts.stream().mapToDouble(Double::doubleValue).sum();
        return counts.stream().map(count -> count / total).toList();
    }
}
