package io.tollgate.emitter.spool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The log: append, {@link #sync}, and when its turn has come {@link #peek} and {@link #release}. One thread may append
 * and sync while another one peeks and releases. A directory belongs to one spool at a time, over all processes.
 *
 * <p>Only records that were synced count as durable and are handed out. Files are deleted when all their records are
 * released, so after a restart some records, one segment's at most unless one record is larger, come back although they
 * were released: at least once, never less.
 */
public final class Spool implements AutoCloseable {

    /** How much of a file is taken apart at once when it is read back. */
    private static final long READ_BACK_BYTES = 1 << 20;
    /** What a record takes, about: of usage events most are smaller. */
    private static final long RECORD_BYTES = 1 << 10;

    private static final int FURTHER = 4;

    private final Path directory;
    private final long maxBytes;
    private final long segmentBytes;
    private final DirectoryLock lock;
    /** Oldest first; only the last one may be open. */
    private final Deque<Segment> segments = new ArrayDeque<>();

    private long bytes;
    private long nextSequence;
    private long durableSequence;
    /** Whether the last file ends in bytes that could not be taken back. */
    private boolean broken;

    private boolean closed;

    private long headAt = Frames.HEADER_BYTES;
    private long headNext;
    private long headReleased;
    private Optional<Frames.Read> peeked = Optional.empty();

    private long lost;
    private long damagedPlaces;
    private long cutBytes;

    private Spool(Path directory, long maxBytes, long segmentBytes, DirectoryLock lock) {
        this.directory = directory;
        this.maxBytes = maxBytes;
        this.segmentBytes = segmentBytes;
        this.lock = lock;
    }

    /**
     * Opens the spool of a directory, which is made if it is missing. Reads all that is there: half a record at the end
     * is cut off; damage elsewhere, and records that are missing, are counted in {@link #state}.
     *
     * @param maxBytes that its files may have together
     * @param segmentBytes that a file has before the next one is begun; only one record that is larger exceeds it
     * @throws IllegalStateException when another spool has the directory
     */
    public static Spool open(Path directory, long maxBytes, long segmentBytes) throws IOException {
        Files.createDirectories(directory);
        DirectoryLock lock = DirectoryLock.take(directory);
        try {
            Spool spool = new Spool(directory, maxBytes, segmentBytes, lock);
            spool.readBack();
            return spool;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private void readBack() throws IOException {
        List<Path> files;
        try (var listed = Files.list(directory)) {
            files = listed.filter(file -> Segment.baseOf(file).isPresent())
                    .sorted()
                    .toList();
        }
        for (int i = 0; i < files.size(); i++) {
            readBack(files.get(i), i == 0, i == files.size() - 1);
        }
        durableSequence = nextSequence;
        headNext = segments.isEmpty() ? nextSequence : segments.getFirst().base;
    }

    private void readBack(Path file, boolean first, boolean last) throws IOException {
        long base = Segment.baseOf(file).orElseThrow();
        if (first) {
            nextSequence = base;
        }
        lost += Math.max(0, base - nextSequence);
        nextSequence = Math.max(base, nextSequence);
        byte[] content = Files.readAllBytes(file);
        if (!Frames.isHeader(content) && !(last && content.length < Frames.HEADER_BYTES)) {
            damagedPlaces++;
        }
        int end = Math.min(content.length, Frames.HEADER_BYTES);
        int records = 0;
        Frames.Read read;
        do {
            read = Frames.read(content, end, true, nextSequence, Integer.MAX_VALUE, READ_BACK_BYTES);
            lost += read.missing();
            damagedPlaces += read.damagedPlaces();
            nextSequence += read.missing() + read.records().size();
            records += read.records().size();
            end = read.end();
        } while (!read.nothingFollows());
        int rest = content.length - end;
        if (rest > 0 && !last) {
            damagedPlaces++;
        }
        if (records == 0) {
            cutBytes += last ? content.length - Math.min(content.length, Frames.HEADER_BYTES) : 0;
            Files.delete(file);
            return;
        }
        if (rest > 0 && last) {
            cutBytes += rest;
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(end);
                channel.force(true);
            }
        }
        long size = last ? end : content.length;
        segments.add(Segment.sealed(file, base, size, records));
        bytes += size;
    }

    /**
     * Adds a record at the end. It is not durable before the next {@link #sync} has returned.
     *
     * @return its sequence, or nothing when the spool is full
     * @throws IOException when the disk fails; all that was appended since the last successful sync is then taken back
     */
    public synchronized OptionalLong append(byte[] body) throws IOException {
        if (broken || closed) {
            throw new IOException("the spool in " + directory + " has failed before; open it again");
        }
        long size = (long) Frames.OVERHEAD_BYTES + body.length;
        Optional<Segment> open = openSegment();
        boolean begins = open.isEmpty() || (open.get().records > 0 && open.get().end + size > segmentBytes);
        if (bytes + size + (begins ? Frames.HEADER_BYTES : 0) > maxBytes) {
            return OptionalLong.empty();
        }
        try {
            Segment segment = begins ? begin(open) : open.orElseThrow();
            segment.append(Frames.frame(nextSequence, body));
        } catch (IOException | RuntimeException | Error e) {
            takeBack();
            throw e;
        }
        bytes += size;
        nextSequence++;
        return OptionalLong.of(nextSequence - 1);
    }

    private Segment begin(Optional<Segment> before) throws IOException {
        if (before.isPresent()) {
            Segment full = before.get();
            // Before its successor exists: only the last segment may end in half a record.
            full.open().force(false);
            full.durable(full.end, full.records);
            durableSequence = nextSequence;
            full.seal();
        }
        Segment segment = Segment.create(directory, nextSequence);
        if (segments.isEmpty()) {
            restartReading(nextSequence);
        }
        segments.add(segment);
        bytes += segment.end;
        DirectoryLock.force(directory);
        return segment;
    }

    /**
     * Makes durable what was appended so far.
     *
     * @throws IOException when the disk fails; all that was appended since the last successful sync is then taken back,
     *     because after a failed fsync the system may have forgotten what it did not write
     */
    public void sync() throws IOException {
        Segment segment;
        long end;
        long records;
        long sequence;
        synchronized (this) {
            Optional<Segment> open = openSegment();
            if (open.isEmpty()) {
                return;
            }
            segment = open.get();
            end = segment.end;
            records = segment.records;
            sequence = nextSequence;
        }
        try {
            // Not under the monitor: reading goes on meanwhile.
            segment.open().force(false);
        } catch (IOException e) {
            synchronized (this) {
                takeBack();
            }
            throw e;
        }
        synchronized (this) {
            segment.durable(end, records);
            durableSequence = sequence;
        }
    }

    private void takeBack() {
        nextSequence = durableSequence;
        Optional<Segment> open = openSegment();
        try {
            if (open.isPresent()) {
                open.get().seal();
                if (open.get().records == 0) {
                    open.get().delete();
                    segments.removeLast();
                }
            }
        } catch (IOException e) {
            // Behind bytes that nobody could take back nothing may be appended.
            broken = true;
        }
        bytes = segments.stream().mapToLong(segment -> segment.end).sum();
    }

    /**
     * The oldest durable records that are not yet released, in order; empty when there are none.
     *
     * @param maxRecords at most so many, at least 1
     * @param maxBodyBytes at most so many bytes of bodies, but one record at least
     */
    public synchronized List<SpoolRecord> peek(int maxRecords, long maxBodyBytes) throws IOException {
        while (!segments.isEmpty()) {
            Segment head = segments.getFirst();
            Frames.Read read = read(head, maxRecords, maxBodyBytes);
            if (!read.records().isEmpty()) {
                peeked = Optional.of(read);
                return read.records();
            }
            if (head.isOpen()) {
                giveUp(head);
                return List.of();
            }
            drop(head);
        }
        return List.of();
    }

    /** Takes no more into memory than the records need, or about four times the first one when that is large. */
    private Frames.Read read(Segment head, int maxRecords, long maxBodyBytes) throws IOException {
        long rest = head.durableEnd - headAt;
        long length = Math.min(maxBodyBytes, maxRecords * RECORD_BYTES) + Frames.OVERHEAD_BYTES;
        while (true) {
            boolean isAll = length >= rest;
            Frames.Read read = Frames.read(head.read(headAt, length), 0, isAll, headNext, maxRecords, maxBodyBytes);
            if (isAll || !read.records().isEmpty()) {
                return read;
            }
            length *= FURTHER;
        }
    }

    /** Forgets the records that the last {@link #peek} has handed out; they have arrived. */
    public synchronized void release() throws IOException {
        Frames.Read read = peeked.orElseThrow(() -> new IllegalStateException("nothing was peeked"));
        peeked = Optional.empty();
        List<SpoolRecord> records = read.records();
        headAt += read.end();
        headNext = records.get(records.size() - 1).sequence() + 1;
        headReleased += records.size();
        Segment head = segments.getFirst();
        if (!head.isOpen() && headAt >= head.end) {
            drop(head);
        }
    }

    /** Deletes the files if every record is released, so that nothing comes back after a restart; tells whether. */
    public synchronized boolean clearIfEmpty() throws IOException {
        if (records() > 0) {
            return false;
        }
        while (!segments.isEmpty()) {
            drop(segments.getFirst());
        }
        broken = false;
        return true;
    }

    public synchronized SpoolState state() {
        return new SpoolState(records(), bytes, lost, damagedPlaces, cutBytes);
    }

    /** When the oldest file with records that are not released was begun; empty when there is none. */
    public synchronized Optional<FileTime> oldestFileBegun() {
        return records() == 0 ? Optional.empty() : segments.getFirst().begun();
    }

    private long records() {
        return segments.stream().mapToLong(segment -> segment.records).sum() - headReleased;
    }

    /** Deletes the oldest segment. Records of it that could not be read are lost from now on. */
    private void drop(Segment head) throws IOException {
        head.delete();
        giveUp(head);
        segments.removeFirst();
        bytes -= head.end;
        restartReading(segments.isEmpty() ? nextSequence : segments.getFirst().base);
    }

    /** Counts as lost what is durable in a segment, is not released, and cannot be read. */
    private void giveUp(Segment head) {
        if (head.durableRecords > headReleased) {
            lost += head.durableRecords - headReleased;
            damagedPlaces++;
            headReleased = head.durableRecords;
        }
        headAt = Math.max(headAt, head.durableEnd);
    }

    private void restartReading(long sequence) {
        headAt = Frames.HEADER_BYTES;
        headNext = sequence;
        headReleased = 0;
        peeked = Optional.empty();
    }

    private Optional<Segment> openSegment() {
        return Optional.ofNullable(segments.peekLast()).filter(Segment::isOpen);
    }

    /** Leaves the directory to others. What was not synced may be lost. Idempotent. */
    @Override
    public synchronized void close() throws IOException {
        Optional<Segment> open = openSegment();
        try {
            if (open.isPresent()) {
                open.get().seal();
            }
        } finally {
            closed = true;
            lock.close();
        }
    }
}
