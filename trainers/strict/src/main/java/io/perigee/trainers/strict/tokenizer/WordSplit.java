package io.perigee.trainers.strict.tokenizer;

/**
 * Cuts text into words as GPT-2's pattern does:
 * {@code 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+}. Written out, since a pattern engine
 * would recurse on hostile text.
 */
final class WordSplit {
    private static final String[] ENDINGS = {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"};

    private enum Kind {
        LETTER,
        NUMBER,
        SPACE,
        OTHER
    }

    private WordSplit() {}

    /** Where the word that starts at {@code from} ends. */
    static int end(String text, int from) {
        for (String ending : ENDINGS) {
            if (text.startsWith(ending, from)) {
                return from + ending.length();
            }
        }
        int first = from;
        if (text.charAt(from) == ' ' && from + 1 < text.length() && kind(text.codePointAt(from + 1)) != Kind.SPACE) {
            first = from + 1;
        }
        Kind kind = kind(text.codePointAt(first));
        int end = first;
        int last = first;
        while (end < text.length() && kind(text.codePointAt(end)) == kind) {
            last = end;
            end += Character.charCount(text.codePointAt(end));
        }
        boolean keepsLastSpace = kind == Kind.SPACE && end < text.length() && last > first;
        return keepsLastSpace ? last : end;
    }

    private static Kind kind(int c) {
        if (Character.isLetter(c)) {
            return Kind.LETTER;
        }
        if (whiteSpace(c)) {
            return Kind.SPACE;
        }
        int type = Character.getType(c);
        boolean number = type == Character.DECIMAL_DIGIT_NUMBER
                || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER;
        return number ? Kind.NUMBER : Kind.OTHER;
    }

    /** Unicode's White_Space property. */
    private static boolean whiteSpace(int c) {
        return (c >= 9 && c <= 13)
                || c == 0x20
                || c == 0x85
                || c == 0xA0
                || c == 0x1680
                || (c >= 0x2000 && c <= 0x200A)
                || c == 0x2028
                || c == 0x2029
                || c == 0x202F
                || c == 0x205F
                || c == 0x3000;
    }
}
