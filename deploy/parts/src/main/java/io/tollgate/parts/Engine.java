package io.tollgate.parts;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** What differs between the engines that {@link EmbeddedPart} runs. */
interface Engine {

    /** A child that was launched, and how to see that it is ready. */
    record Launched(Child child, String endpoint, BooleanSupplier isReady) {}

    String name();

    /** How long the start may take on a slow machine. */
    Duration patience();

    /**
     * Launches the engine; what it needs in the directory, it makes.
     *
     * <p>{@code isReady} is asked again and again: it must be quick, and true only if it is this very child that
     * answers.
     */
    Launched launch(DirectoryClaim claim, int port, EngineLog log) throws IOException;

    /** The processes whose end is the engine's end. */
    default List<ProcessHandle> processes(Child child) {
        return List.of(child.handle());
    }

    /** What the log says after a failed start that is worth another try, on another port if the wanted one is taken. */
    default List<String> passingTroubles() {
        return List.of("Address already in use");
    }
}
