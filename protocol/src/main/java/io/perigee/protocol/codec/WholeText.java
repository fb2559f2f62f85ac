package io.perigee.protocol.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;

/**
 * Reads JSON whose every text can be kept: PostgreSQL stores no U+0000, and half a surrogate pair has no UTF-8. JSON can
 * spell both as escapes, so they are refused where documents are read and never met later.
 */
final class WholeText extends JsonFactory {
    private static final long serialVersionUID = 1L;

    WholeText(JsonFactoryBuilder settings) {
        super(settings);
    }

    private WholeText(WholeText source) {
        super(source, null);
    }

    /** Frameworks copy the mapper they are given. */
    @Override
    public JsonFactory copy() {
        return new WholeText(this);
    }

    @Override
    protected JsonParser _createParser(InputStream in, IOContext context) throws IOException {
        return new Checked(super._createParser(in, context));
    }

    @Override
    protected JsonParser _createParser(Reader reader, IOContext context) throws IOException {
        return new Checked(super._createParser(reader, context));
    }

    @Override
    protected JsonParser _createParser(char[] text, int offset, int length, IOContext context, boolean recyclable)
            throws IOException {
        return new Checked(super._createParser(text, offset, length, context, recyclable));
    }

    @Override
    protected JsonParser _createParser(byte[] bytes, int offset, int length, IOContext context) throws IOException {
        return new Checked(super._createParser(bytes, offset, length, context));
    }

    private static final class Checked extends JsonParserDelegate {
        Checked(JsonParser parser) {
            super(parser);
        }

        @Override
        public JsonToken nextToken() throws IOException {
            var token = super.nextToken();
            if (token == JsonToken.FIELD_NAME || token == JsonToken.VALUE_STRING) {
                check();
            }
            return token;
        }

        /** The parser behind would go past {@link #nextToken()}. */
        @Override
        public JsonToken nextValue() throws IOException {
            var token = nextToken();
            return token == JsonToken.FIELD_NAME ? nextToken() : token;
        }

        private void check() throws IOException {
            var text = delegate.getTextCharacters();
            var end = delegate.getTextOffset() + delegate.getTextLength();
            for (int i = delegate.getTextOffset(); i < end; i++) {
                char c = text[i];
                if (c == 0) {
                    throw new JsonParseException(this, "it holds the character U+0000, which no text here may hold");
                }
                if (Character.isSurrogate(c)) {
                    if (!Character.isHighSurrogate(c) || i + 1 == end || !Character.isLowSurrogate(text[i + 1])) {
                        throw new JsonParseException(this, "it holds half a surrogate pair, which is no character");
                    }
                    i++;
                }
            }
        }
    }
}
