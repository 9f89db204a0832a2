package io.tollgate.invoicing.adminapi;

import java.util.Set;

/** What was done, as vendors' endpoints divide it. */
final class Operations {

    /** What has an endpoint of its own, and what no model answers. */
    private static final Set<String> APART = Set.of(
            "embedding",
            "moderation",
            "image",
            "speech",
            "transcription",
            "translation",
            "search",
            "video",
            "fine_tuning",
            "training",
            "storage",
            "network",
            "provisioned");

    private Operations() {}

    /** Whether it is a model's answer to a prompt: chats, completions, agents and whatever else sources may call it. */
    static boolean isOfModels(String operation) {
        return !APART.contains(operation);
    }
}
