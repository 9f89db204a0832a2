package io.tollgate.parts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts one of this module's main classes in a JVM of its own: the same Java, the same class path. */
final class JavaChild {

    private JavaChild() {}

    static Child start(Class<?> main, List<String> jvmFlags, List<String> arguments, Path directory, Path log)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmFlags);
        // One core's worth of collector threads: several engines share this machine.
        command.add("-XX:+UseSerialGC");
        command.add("-Dlogback.configurationFile=io/tollgate/parts/child-logback.xml");
        // Kafka asks for a second logging system only to let its levels be changed at run time.
        command.add("-Dlog4j.provider=org.apache.logging.log4j.simple.internal.SimpleProvider");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(arguments);
        return Child.start(command, directory, log);
    }
}
