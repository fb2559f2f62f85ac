package io.perigee.api.provider.postgres;

import io.perigee.market.matching.OfferView;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.offer.Offer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** What the texts of offers say. Most are the same from one look to the next, and to read them is most of a look. */
final class OfferTexts {
    /** Texts, and what they say. */
    record Said(
            String keyText, String signatureText, String offerText, SessionKey key, Signature signature, Offer offer) {
        private boolean isOf(String key, String signature, String offer) {
            return keyText.equals(key) && signatureText.equals(signature) && offerText.equals(offer);
        }
    }

    private final Map<String, Said> said = new ConcurrentHashMap<>();

    Said read(String provider, String key, String signature, String offer) {
        var known = said.get(provider);
        if (known != null && known.isOf(key, signature, offer)) {
            return known;
        }
        var read = new Said(
                key,
                signature,
                offer,
                Json.read(key, SessionKey.class),
                Signature.parse(signature),
                Json.read(offer, Offer.class));
        said.put(provider, read);
        return read;
    }

    /** Forgets all providers but these. */
    List<OfferView> keeping(List<OfferView> views) {
        said.keySet()
                .retainAll(views.stream().map(view -> view.provider().value()).collect(Collectors.toSet()));
        return views;
    }
}
