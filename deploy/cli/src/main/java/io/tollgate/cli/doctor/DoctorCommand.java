package io.tollgate.cli.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tollgate.cli.doctor.Finding.Status;
import io.tollgate.cli.terminal.TextTable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tollgate doctor}: says what stands in the way of starting, before anything is started. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Look at this machine and say what stands in the way of starting Tollgate.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:all is well, or there are warnings only", "1:something failed"})
public final class DoctorCommand implements Callable<Integer> {

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Machine machine;
    private final ClickHouseLibrary library;
    private final Path defaultData;
    private final Path defaultCache;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--data", paramLabel = "DIR", description = "where the embedded parts keep their files")
    private Optional<Path> data = Optional.empty();

    @Option(names = "--cache", paramLabel = "DIR", description = "where fetched libraries are kept")
    private Optional<Path> cache = Optional.empty();

    @Option(names = "--json", description = "print JSON instead of a table")
    private boolean json;

    /**
     * @param data where the embedded parts keep their files unless told otherwise
     * @param cache where fetched libraries are kept unless told otherwise
     */
    public DoctorCommand(Machine machine, ClickHouseLibrary library, Path data, Path cache) {
        this.machine = machine;
        this.library = library;
        this.defaultData = data;
        this.defaultCache = cache;
    }

    @Override
    public Integer call() throws JsonProcessingException {
        List<Finding> findings = Checks.all(data.orElse(defaultData), cache.orElse(defaultCache), library).stream()
                .map(check -> check.on(machine))
                .toList();
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? json(findings) : table(findings));
        out.flush();
        return worst(findings) == Status.FAILED ? 1 : 0;
    }

    private static Status worst(List<Finding> findings) {
        return findings.stream().map(Finding::status).reduce(Status.OK, (a, b) -> a.compareTo(b) >= 0 ? a : b);
    }

    private static String table(List<Finding> findings) {
        TextTable table =
                new TextTable().left("Check").left("Status").left("Seen").left("What to do");
        findings.forEach(
                finding -> table.row(finding.name(), finding.status().word(), finding.seen(), finding.advice()));
        return table.render();
    }

    private static String json(List<Finding> findings) throws JsonProcessingException {
        ObjectNode report = JSON.createObjectNode();
        report.put("status", worst(findings).word());
        findings.forEach(finding -> report.withArray("checks")
                .addObject()
                .put("name", finding.name())
                .put("status", finding.status().word())
                .put("seen", finding.seen())
                .put("advice", finding.advice()));
        return JSON.writeValueAsString(report) + "\n";
    }
}
