package io.tollgate.invoicing.budget;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Whose usage: of a budget, whose it counts; of a call of a gateway, who wants to spend.
 *
 * @param project empty for any
 * @param tags key to value; an API key is the tag {@code api_key_id}
 */
public record Subject(String tenant, Optional<String> project, SortedMap<String, String> tags) {

    public Subject {
        tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    }

    /** Whether usage of the other is counted by a budget of this one: it has all that is named here. */
    public boolean covers(Subject other) {
        return tenant.equals(other.tenant)
                && (project.isEmpty() || project.equals(other.project))
                && other.tags.entrySet().containsAll(tags.entrySet());
    }
}
