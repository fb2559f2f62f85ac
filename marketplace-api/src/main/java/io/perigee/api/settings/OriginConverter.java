package io.perigee.api.settings;

import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Origin;
import java.net.URI;
import java.net.URISyntaxException;
import org.eclipse.microprofile.config.spi.Converter;

/** Reads origins as people write them: in any case, with a port that goes without saying or a slash at the end. */
public final class OriginConverter implements Converter<Origin> {
    private static final long serialVersionUID = 1L;

    @Override
    public Origin convert(String text) {
        try {
            var url = new URI(text.strip());
            if (url.isOpaque()
                    || !url.getRawPath().matches("/?")
                    || url.getRawQuery() != null
                    || url.getRawUserInfo() != null) {
                throw InvalidValue.reading("a hub's origin", text, "it has more than scheme, host and port");
            }
            return Origin.of(url.getScheme(), url.getHost(), url.getPort());
        } catch (URISyntaxException e) {
            throw InvalidValue.reading("a hub's origin", text, "it is no URL");
        }
    }
}
