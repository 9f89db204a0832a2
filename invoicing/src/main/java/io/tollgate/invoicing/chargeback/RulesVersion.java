package io.tollgate.invoicing.chargeback;

/**
 * Published rules, which never change.
 *
 * @param version from 1; of those effective on a day, the highest applies
 */
public record RulesVersion(int version, AllocationRules rules) {

    public RulesVersion {
        if (version < 1) {
            throw new IllegalArgumentException("versions count from 1, not " + version);
        }
    }
}
