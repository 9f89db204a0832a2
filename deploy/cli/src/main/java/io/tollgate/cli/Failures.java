package io.tollgate.cli;

import io.tollgate.parts.PartUnavailableException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever goes wrong into a sentence on standard error and an exit status. Stack traces go to the log. */
final class Failures implements IExecutionExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        LOG.error("command {} failed", command.getCommandName(), failure);
        UserException told = told(failure);
        if (!Stop.isUnderWay()) {
            // What breaks because somebody is stopping it is no news.
            tell(command.getErr(), Objects.requireNonNullElse(told.getMessage(), "failed"), told.hint());
        }
        return told.exitCode();
    }

    /** The failure as its user should hear of it. */
    static UserException told(Throwable failure) {
        if (failure instanceof UserException expected) {
            return expected;
        }
        if (failure instanceof CompletionException && failure.getCause() != null) {
            return told(failure.getCause());
        }
        if (failure instanceof PartUnavailableException part) {
            return new UserException(ExitCode.UNAVAILABLE, String.valueOf(part.getMessage()), "code: " + part.code());
        }
        if (failure instanceof KafkaException) {
            return new UserException(
                    ExitCode.UNAVAILABLE,
                    "Kafka does not answer as it should: " + Sentence.of(failure),
                    "see whether the instance still runs");
        }
        if (failure instanceof UncheckedIOException || failure instanceof IOException) {
            return new UserException(
                    ExitCode.UNAVAILABLE,
                    "a file or connection failed: " + Sentence.of(failure),
                    "the log has the details: " + Logs.file());
        }
        return new UserException(
                ExitCode.INTERNAL,
                "this is a fault of Tollgate: " + Sentence.of(failure),
                "the log has the details: " + Logs.file());
    }

    /** In a sentence: with the whole help below it nobody would find it. */
    static int ofUsage(ParameterException problem, String[] arguments) {
        CommandLine command = problem.getCommandLine();
        PrintWriter err = command.getErr();
        tell(
                err,
                Objects.requireNonNullElse(problem.getMessage(), "the command line is wrong"),
                "see: %s --help".formatted(command.getCommandSpec().qualifiedName()));
        UnmatchedArgumentException.printSuggestions(problem, err);
        err.flush();
        return ExitCode.USAGE;
    }

    private static void tell(PrintWriter err, String message, String hint) {
        err.println("tollgate: " + message);
        if (!hint.isEmpty()) {
            err.println("          " + hint);
        }
        err.flush();
    }
}
