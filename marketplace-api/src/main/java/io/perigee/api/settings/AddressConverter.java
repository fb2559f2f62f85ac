package io.perigee.api.settings;

import io.perigee.protocol.id.Address;
import org.eclipse.microprofile.config.spi.Converter;

/** Reads addresses in any case, as wallets and deployment tools print them. */
public final class AddressConverter implements Converter<Address> {
    private static final long serialVersionUID = 1L;

    @Override
    public Address convert(String text) {
        return Address.parse(text.strip());
    }
}
