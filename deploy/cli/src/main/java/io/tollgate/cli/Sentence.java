package io.tollgate.cli;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** Puts what went wrong into words for a terminal: one line, without the names of Java classes. */
public final class Sentence {

    private static final Pattern CLASS_NAME =
            Pattern.compile("(?:[a-z][\\w$]*\\.)+[A-Z][\\w$.]*(?:Exception|Error|Failure|Throwable)(?::\\s*)?");
    private static final int CAUSES_MAX = 20;

    private Sentence() {}

    /** What the innermost cause that has something to say says. */
    public static String of(Throwable problem) {
        String sentence = "";
        Throwable each = problem;
        for (int depth = 0; each != null && depth < CAUSES_MAX; depth++) {
            String words = words(each);
            if (!words.isEmpty()) {
                sentence = words;
            }
            each = each.getCause();
        }
        return sentence.isEmpty() ? "for a reason that only the log tells" : sentence;
    }

    private static String words(Throwable problem) {
        String message = problem.getMessage() == null ? "" : problem.getMessage();
        if (problem instanceof ConnectException) {
            return "the connection was refused";
        }
        if (problem instanceof UnknownHostException) {
            return "the host " + cleaned(message) + " is not known";
        }
        if (problem instanceof TimeoutException
                || problem instanceof org.apache.kafka.common.errors.TimeoutException
                || problem instanceof HttpTimeoutException) {
            return "no answer in time";
        }
        if (problem instanceof NoSuchFileException) {
            return "there is no " + message;
        }
        if (problem instanceof AccessDeniedException) {
            return message + " may not be read or written";
        }
        if (problem instanceof FileAlreadyExistsException) {
            return message + " is there already and in the way";
        }
        if (problem instanceof NotDirectoryException) {
            return message + " is not a directory";
        }
        return cleaned(message);
    }

    private static String cleaned(String message) {
        return CLASS_NAME
                .matcher(message)
                .replaceAll("")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElse("");
    }
}
