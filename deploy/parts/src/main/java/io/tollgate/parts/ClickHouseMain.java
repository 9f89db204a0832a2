package io.tollgate.parts;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.StringArray;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The child JVM of {@link EmbeddedClickHouse}. It calls the library's command line as if it were the program
 * {@code clickhouse}: a script of queries that opens the HTTP port and then never comes to its end.
 */
final class ClickHouseMain {

    private static final String SLEEP_FOR_EVER = "SELECT sleepEachRow(0.2)";

    /** The blocks of one row, each asleep for a fifth of a second, are where a cancellation is noticed. */
    private static final String SCRIPT = "CREATE DATABASE IF NOT EXISTS tollgate ENGINE = Atomic;"
            + " SYSTEM START LISTEN HTTP;"
            + " " + SLEEP_FOR_EVER + " FROM system.numbers FORMAT Null"
            + " SETTINGS function_sleep_max_microseconds_per_block = 0, max_block_size = 1";

    private ClickHouseMain() {}

    /** @param args library, data directory, HTTP port */
    public static void main(String[] args) {
        Lifeline.hold();
        CountDownLatch returned = new CountDownLatch(1);
        String endpoint = "http://" + Ports.HOST + ":" + args[2];
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(endpoint, returned), "stop"));
        String[] command = {
            "clickhouse",
            "--path=" + args[1],
            "--http_port=" + args[2],
            "--listen_host=" + Ports.HOST,
            "--logger.console",
            "--log-level=warning",
            "--query=" + SCRIPT
        };
        Function commandLine = NativeLibrary.getInstance(args[0]).getFunction("chdb_query_cmdline");
        commandLine.invokePointer(new Object[] {command.length, new StringArray(command)});
        returned.countDown();
        System.err.println("ClickHouse has returned from its script");
        exitAtOnce(1);
    }

    /**
     * Once the script is over, the library closes its tables and returns. It would also wait seconds for idle connections
     * of clients; that is not worth it, as what was committed is on disk.
     */
    private static void stop(String endpoint, CountDownLatch returned) {
        new ClickHouseHttp(endpoint).query("KILL QUERY WHERE query LIKE '" + SLEEP_FOR_EVER + "%' ASYNC");
        try {
            returned.await(3, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exitAtOnce(0);
    }

    /** Not through exit handlers: the library's own would run beside threads of it that are still alive. */
    private static void exitAtOnce(int status) {
        NativeLibrary.getProcess().getFunction("_exit").invokeVoid(new Object[] {status});
    }
}
