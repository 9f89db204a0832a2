-- Tenants that contracts of others name as members, to find those contracts by. What is agreed stands in the contract.

CREATE TABLE contract_member (
    member  text    NOT NULL,
    account text    NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (member, account, version)
);

CREATE INDEX contract_member_by_account ON contract_member (account);

CREATE TRIGGER contract_member_is_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON contract_member
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
