package io.perigee.api.document;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes the marked regions of docs/protocol.md from the codecs, the records and one example job. */
final class ProtocolDocument {
    private final Meanings meanings = Meanings.read();
    private final FieldTables tables = new FieldTables(meanings);
    private final Map<String, String> blocks = new TreeMap<>();

    ProtocolDocument() {
        blocks.putAll(SpecBlocks.all());
        blocks.putAll(SigningBlocks.all(tables));
        blocks.putAll(GatewayBlocks.all(meanings, tables));
        blocks.putAll(ArtifactBlocks.all());
        blocks.putAll(RestBlocks.all(meanings, tables));
        blocks.putAll(new LogBlocks(meanings, tables).all());
        blocks.putAll(BundleBlocks.all(meanings, tables));
    }

    /** The page with its regions written anew; the prose stays. */
    String fill(String page) {
        return MarkedPage.fill(page, blocks);
    }

    /** The regions of the page that the code has left behind. */
    List<String> stale(String page) {
        return MarkedPage.stale(page, blocks);
    }

    FieldTables tables() {
        return tables;
    }

    Meanings meanings() {
        return meanings;
    }
}
