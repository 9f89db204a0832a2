package io.tollgate.invoicing.chargeback;

import java.util.Optional;

/**
 * Who cost is charged to.
 *
 * @param id as the tenant's ledger has it: 1 to 256 characters, no control characters
 * @param name for people, held to the same
 * @param parent id of the one whose reports have this one's cost in their totals
 */
public record CostCentre(String id, Optional<String> name, Optional<String> parent) {

    private static final int ID_MAX = 256;

    public CostCentre {
        requireId(id);
        name.ifPresent(CostCentre::requireId);
    }

    /** Names and accounts are held to the same. */
    static void requireId(String id) {
        if (!isId(id)) {
            throw new IllegalArgumentException(
                    "ids, names and accounts have 1 to " + ID_MAX + " characters, and no control characters");
        }
    }

    static boolean isId(String text) {
        return !text.isBlank() && text.length() <= ID_MAX && text.chars().noneMatch(Character::isISOControl);
    }
}
