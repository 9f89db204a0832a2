package io.tollgate.emitter;

import io.tollgate.emitter.spool.Spool;
import io.tollgate.emitter.spool.SpoolRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the records that Kafka refuses for good, such as those larger than the topic takes, in a second spool beside the
 * first: they were reported spooled, so they may not vanish, and they must not hold up the others. Nothing reads them by
 * itself. Used by one thread, but for closing.
 */
final class Unsendable implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Emitter.class);

    private final SpoolConfig config;
    private final Message.Topic topic;
    private final Path directory;
    private Optional<Spool> spool = Optional.empty();

    Unsendable(SpoolConfig config, Message.Topic topic) {
        this.config = config;
        this.topic = topic;
        this.directory = config.directory(topic).resolve("unsendable");
    }

    /** Whether all of them are durable; false when there is no more room, and then the others have to wait. */
    synchronized boolean keep(Collection<SpoolRecord> records) throws IOException {
        if (spool.isEmpty()) {
            spool = Optional.of(config.open(directory, topic));
        }
        for (SpoolRecord each : records) {
            if (spool.get().append(each.body()).isEmpty()) {
                LOG.error("the spool of events that Kafka refuses for good is full: {}", directory);
                return false;
            }
        }
        spool.get().sync();
        LOG.error("Kafka refuses {} spooled events for good; they are kept in {}", records.size(), directory);
        return true;
    }

    @Override
    public synchronized void close() throws IOException {
        if (spool.isPresent()) {
            spool.get().close();
        }
    }
}
