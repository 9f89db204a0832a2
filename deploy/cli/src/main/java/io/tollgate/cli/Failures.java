package io.tollgate.cli;

import java.io.PrintWriter;
import java.util.Objects;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns whatever goes wrong into a sentence on standard error and an exit status. Stack traces go to the log. */
final class Failures implements IExecutionExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        LOG.error("command {} failed", command.getCommandName(), failure);
        if (failure instanceof UserException expected) {
            tell(err, Objects.requireNonNullElse(expected.getMessage(), "failed"), expected.hint());
            return expected.exitCode();
        }
        if (failure instanceof KafkaException) {
            tell(err, "Kafka did not answer: " + failure.getMessage(), "see whether the instance still runs");
            return ExitCode.UNAVAILABLE;
        }
        tell(err, "this is a fault of Tollgate: " + failure, "the log has the details: " + Logs.file());
        return ExitCode.INTERNAL;
    }

    private static void tell(PrintWriter err, String message, String hint) {
        err.println("tollgate: " + message);
        if (!hint.isEmpty()) {
            err.println("          " + hint);
        }
        err.flush();
    }
}
