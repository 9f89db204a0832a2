package io.tollgate.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** Where the command's log goes: into a file, never onto the terminal. */
public final class Logs {

    private static volatile Path file =
            Path.of(System.getProperty("java.io.tmpdir"), "tollgate-%s.log".formatted(System.getProperty("user.name")));

    private Logs() {}

    /** Where the log is. */
    public static Path file() {
        return file;
    }

    /** Logs to that file from now on; it is rolled at 20 MB, and kept for seven days or 500 MB. */
    public static void to(Path newFile) {
        file = newFile;
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(
                "%date{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %-5level [%thread] %logger{40} %message%n%exception");
        encoder.start();
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(context);
        appender.setFile(newFile.toString());
        SizeAndTimeBasedRollingPolicy<ILoggingEvent> rolling = new SizeAndTimeBasedRollingPolicy<>();
        rolling.setContext(context);
        rolling.setParent(appender);
        rolling.setFileNamePattern(newFile + ".%d.%i.gz");
        rolling.setMaxFileSize(FileSize.valueOf("20MB"));
        rolling.setMaxHistory(7);
        rolling.setTotalSizeCap(FileSize.valueOf("500MB"));
        rolling.start();
        appender.setRollingPolicy(rolling);
        appender.setEncoder(encoder);
        appender.start();
        context.getLogger("ROOT").addAppender(appender);
        context.getLogger("ROOT").setLevel(Level.WARN);
        context.getLogger("io.tollgate").setLevel(Level.INFO);
        // Kafka Streams warns of two things that are as they should be: there is no global thread here, and a scratch
        // instance's directory is a temporary one.
        context.getLogger("org.apache.kafka.streams.StreamsConfig").setLevel(Level.ERROR);
        context.getLogger("org.apache.kafka.streams.processor.internals.StateDirectory")
                .setLevel(Level.ERROR);
    }

    /** A thread that dies is told to the log; the JVM would print its stack trace onto the terminal. */
    static void catchWhatNobodyCaught() {
        Thread.setDefaultUncaughtExceptionHandler((thread, problem) ->
                LoggerFactory.getLogger(Logs.class).error("thread {} has died", thread.getName(), problem));
    }
}
