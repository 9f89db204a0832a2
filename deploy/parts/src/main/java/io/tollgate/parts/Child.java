package io.tollgate.parts;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A process that ends when this JVM ends, however that happens: its standard input is a pipe that this JVM alone holds
 * open, and it must end when it reads the end of it. JVM children do that themselves ({@link Lifeline}); other programs
 * run below a shell that does it for them ({@link #guarded}).
 */
final class Child {

    /** A Ctrl-C in the terminal reaches every process of its group; who stops when is for this JVM to say. */
    private static final String DEAF_TO_THE_TERMINAL = "trap '' INT HUP; exec \"$@\"";

    /**
     * Runs "$@" and ends with its status. A background reader holds the pipe: at its end it sends the signal. The shell
     * reaps the program only after that reader is gone, or the reader could signal a stranger that got the same id.
     */
    private static final String GUARD = """
            trap '' INT HUP TERM
            exec 3<&0
            signal=$1
            shift
            (trap - HUP TERM; exec "$@") </dev/null 3<&- &
            program=$!
            (while read -r _; do :; done; kill -s "$signal" $program) <&3 2>/dev/null &
            reader=$!
            exec 3<&- </dev/null
            wait $program
            status=$?
            kill -KILL $reader 2>/dev/null
            exit $status
            """;

    private final Process process;

    private Child(Process process) {
        this.process = process;
    }

    /** Starts a program that ends by itself at the end of its standard input. Output is appended to the log. */
    static Child start(List<String> command, Path directory, Path log) throws IOException {
        return run(DEAF_TO_THE_TERMINAL, command, directory, Map.of(), log);
    }

    /** Starts a program that knows nothing of us; it gets the signal (INT, TERM) when this JVM is gone. */
    static Child guarded(String signal, List<String> command, Path directory, Map<String, String> environment, Path log)
            throws IOException {
        List<String> arguments = new ArrayList<>();
        arguments.add(signal);
        arguments.addAll(command);
        return run(GUARD, arguments, directory, environment, log);
    }

    private static Child run(
            String script, List<String> arguments, Path directory, Map<String, String> environment, Path log)
            throws IOException {
        List<String> command = new ArrayList<>(OwnSession.PREFIX);
        command.addAll(List.of("sh", "-c", script, "sh"));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        return new Child(builder.start());
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    CompletableFuture<Process> onExit() {
        return process.onExit();
    }

    int exitStatus() {
        return process.exitValue();
    }

    /** This process and all below it, top first. */
    List<ProcessHandle> tree() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
    }

    /** Ends it by closing the pipe; after the grace by force, with all below it. */
    void end(Duration grace) {
        List<ProcessHandle> tree = tree();
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It is gone already, and the pipe with it.
        }
        if (!endsWithin(grace)) {
            tree().forEach(ProcessHandle::destroyForcibly);
            tree.forEach(ProcessHandle::destroyForcibly);
            endsWithin(Duration.ofSeconds(5));
        }
    }

    private boolean endsWithin(Duration time) {
        try {
            process.onExit().get(time.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("The end of a process cannot fail", e);
        }
    }
}
