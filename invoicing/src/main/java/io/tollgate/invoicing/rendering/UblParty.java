package io.tollgate.invoicing.rendering;

import io.tollgate.invoicing.document.PartyDocument;
import java.util.List;
import java.util.Optional;
import oasis.names.specification.ubl.schema.xsd.commonaggregatecomponents_21.AddressLineType;
import oasis.names.specification.ubl.schema.xsd.commonaggregatecomponents_21.AddressType;
import oasis.names.specification.ubl.schema.xsd.commonaggregatecomponents_21.CountryType;
import oasis.names.specification.ubl.schema.xsd.commonaggregatecomponents_21.PartyIdentificationType;
import oasis.names.specification.ubl.schema.xsd.commonaggregatecomponents_21.PartyLegalEntityType;
import oasis.names.specification.ubl.schema.xsd.commonaggregatecomponents_21.PartyTaxSchemeType;
import oasis.names.specification.ubl.schema.xsd.commonaggregatecomponents_21.PartyType;
import oasis.names.specification.ubl.schema.xsd.commonaggregatecomponents_21.TaxSchemeType;

/** Sellers and buyers in UBL. */
final class UblParty {

    private UblParty() {}

    /**
     * A party.
     *
     * @param known the name by which we know it; a seller without a VAT id needs one (BR-CO-26)
     * @param taxed whether its VAT id may be told: out of the scope of VAT there must be none (BR-O-02)
     */
    static PartyType of(PartyDocument from, Optional<String> known, boolean taxed) {
        PartyType party = new PartyType();
        known.ifPresent(name -> {
            PartyIdentificationType identification = new PartyIdentificationType();
            identification.setID(name);
            party.addPartyIdentification(identification);
        });
        party.setPostalAddress(address(from));
        from.vatId().filter(id -> taxed).ifPresent(id -> {
            PartyTaxSchemeType registration = new PartyTaxSchemeType();
            registration.setCompanyID(id);
            registration.setTaxScheme(vat());
            party.addPartyTaxScheme(registration);
        });
        PartyLegalEntityType entity = new PartyLegalEntityType();
        entity.setRegistrationName(from.name());
        party.addPartyLegalEntity(entity);
        return party;
    }

    private static AddressType address(PartyDocument from) {
        AddressType address = new AddressType();
        List<String> lines = from.addressLines().orElse(List.of());
        if (!lines.isEmpty()) {
            address.setStreetName(lines.get(0));
        }
        if (lines.size() > 1) {
            address.setAdditionalStreetName(lines.get(1));
        }
        if (lines.size() > 2) {
            AddressLineType line = new AddressLineType();
            line.setLine(lines.get(2));
            address.addAddressLine(line);
        }
        from.city().ifPresent(address::setCityName);
        from.postalCode().ifPresent(address::setPostalZone);
        from.subdivision().ifPresent(address::setCountrySubentity);
        CountryType country = new CountryType();
        country.setIdentificationCode(from.country());
        address.setCountry(country);
        return address;
    }

    static TaxSchemeType vat() {
        TaxSchemeType scheme = new TaxSchemeType();
        scheme.setID("VAT");
        return scheme;
    }
}
