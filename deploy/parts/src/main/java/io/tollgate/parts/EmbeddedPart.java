package io.tollgate.parts;

import io.tollgate.parts.PartUnavailableException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** An engine that runs in a child process of this JVM, on a directory that is claimed for it. */
final class EmbeddedPart implements Part {

    /** Longer than the children give themselves, so that force is the exception. */
    private static final Duration GRACE = Duration.ofSeconds(15);

    private static final Duration TROUBLES_MAY_LAST = Duration.ofSeconds(15);

    private final Engine engine;
    private final String endpoint;
    private final Child child;
    private final CompletableFuture<?> exit;

    private EmbeddedPart(Engine engine, String endpoint, Child child, DirectoryClaim claim) {
        this.engine = engine;
        this.endpoint = endpoint;
        this.child = child;
        // Not before the directory is free is it over: whoever waits for the end may want to start again.
        this.exit = child.onExit().thenRun(claim::release);
    }

    /**
     * Starts an engine and waits until it is ready.
     *
     * @throws PartUnavailableException when it ends before that or is not ready in time; nothing is left running then
     */
    static Part start(Engine engine, Path directory, int wantedPort, Path logFile) {
        EngineLog log = EngineLog.from(logFile);
        DirectoryClaim claim = DirectoryClaim.take(directory);
        try {
            return startPatiently(engine, claim, wantedPort, log);
        } catch (RuntimeException e) {
            claim.release();
            throw e;
        }
    }

    private static EmbeddedPart startPatiently(Engine engine, DirectoryClaim claim, int wantedPort, EngineLog log) {
        Deadline deadline = Deadline.in(TROUBLES_MAY_LAST);
        while (true) {
            EngineLog ofThisTry = EngineLog.from(log.file());
            try {
                return startOnce(engine, claim, Ports.free(wantedPort), ofThisTry);
            } catch (PartUnavailableException e) {
                boolean passing = engine.passingTroubles().stream().anyMatch(ofThisTry::says);
                if (!passing || deadline.isOver()) {
                    throw e;
                }
            }
        }
    }

    private static EmbeddedPart startOnce(Engine engine, DirectoryClaim claim, int port, EngineLog log) {
        Engine.Launched launched = launch(engine, claim, port, log);
        Child child = launched.child();
        boolean started = false;
        try {
            claim.record(child.handle());
            boolean answered = Deadline.in(engine.patience())
                    .await(() -> !child.isAlive() || launched.isReady().getAsBoolean());
            if (!child.isAlive()) {
                throw failure(engine, "ended with status " + child.exitStatus(), log);
            }
            if (!answered) {
                throw failure(
                        engine, "did not answer within " + engine.patience().toSeconds() + " s", log);
            }
            started = true;
            return new EmbeddedPart(engine, launched.endpoint(), child, claim);
        } catch (IOException e) {
            throw unusable(claim.directory(), e);
        } finally {
            if (!started) {
                child.end(Duration.ZERO);
            }
        }
    }

    private static Engine.Launched launch(Engine engine, DirectoryClaim claim, int port, EngineLog log) {
        try {
            return engine.launch(claim, port, log);
        } catch (IOException e) {
            throw unusable(claim.directory(), e);
        }
    }

    private static PartUnavailableException unusable(Path directory, IOException cause) {
        return new PartUnavailableException(
                Reason.DIRECTORY_UNUSABLE, "The data directory " + directory + " cannot be used: " + cause, cause);
    }

    static PartUnavailableException failure(Engine engine, String what, EngineLog log) {
        return new PartUnavailableException(
                Reason.ENGINE_DID_NOT_START,
                "The embedded " + engine.name() + " did not start: it " + what + ". Its log " + log.file()
                        + " ends with:\n  " + String.join("\n  ", log.tail()));
    }

    @Override
    public String name() {
        return engine.name();
    }

    @Override
    public String endpoint() {
        return endpoint;
    }

    @Override
    public List<ProcessHandle> processes() {
        return engine.processes(child);
    }

    @Override
    public CompletableFuture<?> onExit() {
        return exit;
    }

    @Override
    public void close() {
        child.end(GRACE);
        exit.join();
    }
}
