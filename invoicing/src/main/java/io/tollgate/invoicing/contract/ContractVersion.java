package io.tollgate.invoicing.contract;

/**
 * A published, immutable version of a contract.
 *
 * @param version from 1, without gaps; a later version overrules an earlier one from its first day on
 */
public record ContractVersion(Contract content, int version) {

    public ContractVersion {
        if (version < 1) {
            throw new IllegalArgumentException("versions count from 1, not " + version);
        }
    }
}
