package io.perigee.trainers.strict.tokenizer;

import io.perigee.trainers.strict.failure.JobFailure;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/**
 * Byte-level BPE as Hugging Face's tokenizers computes it. Text is data only: what looks like a special token inside it is
 * encoded letter by letter.
 */
public final class ByteLevelBpe {
    private static final int CACHED_WORDS = 1 << 16;
    private static final int CACHED_LENGTH = 64;

    private final int[] byteTokens;
    private final Map<Long, Merge> merges;
    private final Map<String, Integer> wholeWords;
    private final boolean prefixSpace;
    private final byte[][] texts;
    private final Map<String, int[]> cache = new HashMap<>();

    /** A pair's place in the order of merges, and the token it becomes. */
    record Merge(int rank, int token) {}

    /** A possible merge, waiting in the order of rank, then position. */
    private record Candidate(int rank, int left, int leftToken, int rightToken, int token)
            implements Comparable<Candidate> {
        @Override
        public int compareTo(Candidate other) {
            return rank != other.rank ? Integer.compare(rank, other.rank) : Integer.compare(left, other.left);
        }
    }

    /** {@code texts} are the bytes of each token, empty for those that stand for no text. */
    ByteLevelBpe(
            int[] byteTokens,
            Map<Long, Merge> merges,
            Map<String, Integer> wholeWords,
            boolean prefixSpace,
            byte[][] texts) {
        this.byteTokens = byteTokens.clone();
        this.merges = Map.copyOf(merges);
        this.wholeWords = Map.copyOf(wholeWords);
        this.prefixSpace = prefixSpace;
        this.texts = texts.clone();
    }

    static long pair(int left, int right) {
        return ((long) left << 32) | right;
    }

    /** The tokens of a text. */
    public int[] encode(String text) {
        String input = prefixSpace && !text.isEmpty() && text.charAt(0) != ' ' ? " " + text : text;
        IntStream.Builder tokens = IntStream.builder();
        for (int from = 0; from < input.length(); ) {
            int to = WordSplit.end(input, from);
            for (int token : word(input.substring(from, to))) {
                tokens.add(token);
            }
            from = to;
        }
        return tokens.build().toArray();
    }

    /** The text of tokens; special ones have none, and half a character becomes U+FFFD. */
    public String decode(List<Integer> tokens) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        tokens.forEach(token -> bytes.writeBytes(texts[token]));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private int[] word(String word) {
        int[] known = cache.get(word);
        if (known != null) {
            return known;
        }
        Integer whole = wholeWords.get(word);
        int[] tokens = whole != null ? new int[] {whole} : merge(word.getBytes(StandardCharsets.UTF_8));
        if (word.length() <= CACHED_LENGTH && cache.size() < CACHED_WORDS) {
            cache.put(word, tokens);
        }
        return tokens;
    }

    private int[] merge(byte[] bytes) {
        int n = bytes.length;
        int[] token = new int[n];
        int[] next = new int[n];
        int[] previous = new int[n];
        for (int i = 0; i < n; i++) {
            token[i] = byteTokens[bytes[i] & 0xFF];
            if (token[i] < 0) {
                throw JobFailure.data(
                        "BAD_TOKENIZER",
                        "Expected the base's vocabulary to hold every byte, but it has none for byte "
                                + (bytes[i] & 0xFF) + ".",
                        "Train the tokenizer with the whole byte alphabet.");
            }
            next[i] = i + 1 < n ? i + 1 : -1;
            previous[i] = i - 1;
        }
        PriorityQueue<Candidate> queue = new PriorityQueue<>();
        for (int i = 0; i + 1 < n; i++) {
            offer(queue, token, i, i + 1);
        }
        int count = n;
        for (Candidate best = queue.poll(); best != null; best = queue.poll()) {
            int left = best.left();
            int right = next[left];
            if (right < 0 || token[left] != best.leftToken() || token[right] != best.rightToken()) {
                continue;
            }
            token[left] = best.token();
            token[right] = -1;
            next[left] = next[right];
            if (next[left] >= 0) {
                previous[next[left]] = left;
                offer(queue, token, left, next[left]);
            }
            if (previous[left] >= 0) {
                offer(queue, token, previous[left], left);
            }
            count--;
        }
        int[] result = new int[count];
        for (int i = 0, at = 0; i >= 0 && at < count; i = next[i]) {
            result[at++] = token[i];
        }
        return result;
    }

    private void offer(PriorityQueue<Candidate> queue, int[] token, int left, int right) {
        Merge merge = merges.get(pair(token[left], token[right]));
        if (merge != null) {
            queue.add(new Candidate(merge.rank(), left, token[left], token[right], merge.token()));
        }
    }
}
