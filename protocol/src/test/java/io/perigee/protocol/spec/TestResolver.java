package io.perigee.protocol.spec;

import io.perigee.protocol.id.ContentId;
import java.util.Optional;

/** Knows two trainers, one model and no dataset by name; a token of six decimals. */
final class TestResolver implements SpecResolver {
    @Override
    public Optional<Trainer> trainer(String name) {
        return name.equals("strict") || name.equals("lora")
                ? Optional.of(new Trainer(ContentId.parse(SpecSamples.id('1'))))
                : Optional.empty();
    }

    @Override
    public Optional<ContentId> model(String reference) {
        return reference.equals("model://tiny") ? Optional.of(ContentId.parse(SpecSamples.id('b'))) : Optional.empty();
    }

    @Override
    public Optional<ContentId> dataset(String reference) {
        return Optional.empty();
    }

    @Override
    public int tokenDecimals() {
        return 6;
    }
}
