package io.perigee.image;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.perigee.image.ImageArchive.BadArchive;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.ContentId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What an image's config says of its layers. Engines pass on its bytes as they are, so it must read to them as it reads
 * here: Go takes a key in any case, and the last of several.
 *
 * @param layers SHA-256 of each layer, unpacked
 */
record ImageConfig(List<ContentId> layers) {
    private static final String ROOT = "rootfs";
    private static final String KIND = "type";
    private static final String LAYERS = "diff_ids";
    private static final String SYSTEM = "os";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    ImageConfig {
        layers = List.copyOf(layers);
    }

    /** @throws BadArchive when it is no config of an image for Linux */
    static ImageConfig read(byte[] bytes) {
        var config = parse(bytes);
        var root = config.path(ROOT);
        requirePlain(config, List.of(ROOT, SYSTEM));
        requirePlain(root, List.of(KIND, LAYERS));
        var system = config.path(SYSTEM).asText("linux");
        if (!system.isEmpty() && !system.equals("linux")) {
            throw bad("its os is '" + system + "'");
        }
        if (!root.path(KIND).asText("").equals("layers") || !root.path(LAYERS).isArray()) {
            throw bad("its rootfs is not of layers");
        }
        return new ImageConfig(layers(root.get(LAYERS)));
    }

    private static List<ContentId> layers(JsonNode named) {
        var layers = new ArrayList<ContentId>();
        for (var each : named) {
            try {
                layers.add(ContentId.parse(each.asText("")));
            } catch (InvalidValue e) {
                throw bad(String.valueOf(e.getMessage()));
            }
        }
        return layers;
    }

    private static JsonNode parse(byte[] bytes) {
        try {
            return JSON.readTree(bytes);
        } catch (IOException e) {
            throw bad("it cannot be read: " + e.getMessage());
        }
    }

    private static void requirePlain(JsonNode object, List<String> names) {
        for (var found : (Iterable<String>) object::fieldNames) {
            if (names.stream().anyMatch(name -> name.equalsIgnoreCase(found) && !name.equals(found))) {
                throw bad("it has a '" + found + "'");
            }
        }
    }

    private static BadArchive bad(String fact) {
        return new BadArchive("Expected the config of an image of layers for linux, but " + fact);
    }
}
