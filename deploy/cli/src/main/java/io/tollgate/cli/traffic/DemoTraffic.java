package io.tollgate.cli.traffic;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.tollgate.cli.traffic.DemoPlatform.Model;
import io.tollgate.cli.traffic.DemoPlatform.Project;
import io.tollgate.cli.traffic.DemoPlatform.Tenant;
import io.tollgate.events.Dimensions;
import io.tollgate.events.UsageEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A month of the demo platform's usage, in the order of time. The same month, seed and count give the same events to the
 * last byte; anything else gives events of another source, so that two demos never pass for one another's duplicates.
 * Nothing is kept in memory but the event at hand.
 */
public final class DemoTraffic implements Iterable<UsageEvent> {

    /** Enough for every tenant to use every one of its models, little enough to be billed in a minute. */
    public static final long DEFAULT_EVENTS = 120_000;

    /** To be raised when the same figures come to other events. */
    private static final int VERSION = 1;

    /** Its algorithm is fixed by the documentation of java.util.random, so other JDKs draw the same numbers. */
    private static final String ALGORITHM = "L64X128MixRandom";

    private static final int IDENTITY_BYTES = 16;

    private static final ObjectMapper JSON =
            JsonMapper.builder().addModule(new Jdk8Module()).build();

    private final long seed;
    private final long events;
    private final String source;
    private final MonthRhythm rhythm;
    private final Weighted<Ranked> tenants;
    private final Map<String, Model> models = new HashMap<>();
    private final Map<String, RequestShape> shapes = new HashMap<>();

    /**
     * @param month UTC
     * @param events how many, from 0
     * @throws IllegalArgumentException when the number is negative
     */
    public DemoTraffic(YearMonth month, long seed, long events) {
        if (events < 0) {
            throw new IllegalArgumentException(events + " events are fewer than none");
        }
        this.seed = seed;
        this.events = events;
        byte[] figuresBytes = resource("traffic-figures.json");
        byte[] platformBytes = resource("platform.json");
        TrafficFigures figures = read(figuresBytes, TrafficFigures.class);
        DemoPlatform platform = read(platformBytes, DemoPlatform.class);
        this.source = "demo/" + month + "/" + identity(month, seed, events, figuresBytes, platformBytes);
        this.rhythm = new MonthRhythm(month, figures.hourShares(), platform.weekendWeight());
        List<Tenant> companies = platform.tenants();
        this.tenants = Weighted.of(
                companies.stream().map(Ranked::new).toList(),
                ranked -> figures.clientShares().get(companies.indexOf(ranked.tenant)));
        for (Model model : platform.models()) {
            models.put(model.model(), model);
            shapes.put(model.model(), new RequestShape(model, figures));
        }
    }

    /** What was learned from public traces. */
    public static TrafficFigures figures() {
        return read(resource("traffic-figures.json"), TrafficFigures.class);
    }

    /** Who uses the platform. */
    public static DemoPlatform platform() {
        return read(resource("platform.json"), DemoPlatform.class);
    }

    /** How many events there are. */
    public long size() {
        return events;
    }

    /** The CloudEvents source of all of them. */
    public String source() {
        return source;
    }

    @Override
    public Iterator<UsageEvent> iterator() {
        return new Events();
    }

    /** All events, in the order of time. */
    public Stream<UsageEvent> stream() {
        int traits = Spliterator.ORDERED | Spliterator.NONNULL;
        return StreamSupport.stream(Spliterators.spliterator(iterator(), events, traits), false);
    }

    private final class Events implements Iterator<UsageEvent> {

        private final RandomGenerator random =
                RandomGeneratorFactory.of(ALGORITHM).create(seed);
        private long index;

        @Override
        public boolean hasNext() {
            return index < events;
        }

        @Override
        public UsageEvent next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            // One draw in each of as many equal shares of the month's traffic: in order of time without sorting.
            double share = (index + random.nextDouble()) / events;
            Ranked tenant = tenants.at(random.nextDouble());
            Chosen chosen = tenant.projects.at(random.nextDouble());
            String name = chosen.models.at(random.nextDouble()).getKey();
            RequestShape shape = Objects.requireNonNull(shapes.get(name));
            String accelerator = shape.accelerator(random);
            RequestShape.Request request = shape.draw(random);
            UsageEvent event = UsageEvent.newBuilder()
                    .setSource(source)
                    .setId(Long.toString(index))
                    .setTime(rhythm.at(share))
                    .setDimensions(dimensions(tenant.tenant, chosen.project, name, accelerator))
                    .setContextTokens(request.contextTokens())
                    .setQuantities(request.quantities())
                    .build();
            index++;
            return event;
        }
    }

    private Dimensions dimensions(Tenant tenant, Project project, String model, String accelerator) {
        return Dimensions.newBuilder()
                .setTenant(tenant.tenant())
                .setProject(project.project())
                .setTags(project.tags())
                .setProvider(Objects.requireNonNull(models.get(model)).provider())
                .setModel(model)
                .setAcceleratorType(accelerator)
                .setRegion(project.region())
                .build();
    }

    /** A tenant, ready to be drawn from. */
    private static final class Ranked {

        private final Tenant tenant;
        private final Weighted<Chosen> projects;

        Ranked(Tenant tenant) {
            this.tenant = tenant;
            this.projects = Weighted.of(
                    tenant.projects().stream().map(Chosen::new).toList(), chosen -> chosen.project.weight());
        }
    }

    /** A project, ready to be drawn from. */
    private static final class Chosen {

        private final Project project;
        private final Weighted<Map.Entry<String, Double>> models;

        Chosen(Project project) {
            this.project = project;
            this.models = Weighted.of(project.models().entrySet(), Map.Entry::getValue);
        }
    }

    private static String identity(YearMonth month, long seed, long events, byte[] figures, byte[] platform) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String settings = VERSION + " " + month + " " + seed + " " + events + "\n";
            digest.update(settings.getBytes(StandardCharsets.UTF_8));
            digest.update(figures);
            digest.update(platform);
            return HexFormat.of().formatHex(digest.digest(), 0, IDENTITY_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static <T> T read(byte[] json, Class<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] resource(String name) {
        try (InputStream in = DemoTraffic.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the archive lacks " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
