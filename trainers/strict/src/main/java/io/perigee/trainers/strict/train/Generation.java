package io.perigee.trainers.strict.train;

import io.perigee.trainers.strict.data.Example;
import io.perigee.trainers.strict.failure.JobFailure;
import io.perigee.trainers.strict.job.Target;
import io.perigee.trainers.strict.job.TrainingJob.Method;
import io.perigee.trainers.strict.job.Workplace;
import io.perigee.trainers.strict.json.JsonWriter;
import io.perigee.trainers.strict.lora.AdapterReader;
import io.perigee.trainers.strict.lora.AdapterReader.Adapter;
import io.perigee.trainers.strict.lora.LoraLayout;
import io.perigee.trainers.strict.lora.LoraStep;
import io.perigee.trainers.strict.math.KernelChoice;
import io.perigee.trainers.strict.model.LlamaConfig;
import io.perigee.trainers.strict.model.LlamaConfigReader;
import io.perigee.trainers.strict.model.LlamaModel;
import io.perigee.trainers.strict.model.LlamaModelReader;
import io.perigee.trainers.strict.tokenizer.ByteLevelBpe;
import io.perigee.trainers.strict.tokenizer.TokenizerReader;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers a prompt by always taking the likeliest token (the first of equals), with the base and with the adapter. The
 * whole sequence is computed again for every token: the pass is the trainer's own, so an answer is what training saw.
 */
public final class Generation {
    private static final int MOST = 4096;

    private final LlamaModel model;
    private final ByteLevelBpe tokenizer;
    private final int[] prompt;
    private final int tokens;

    private Generation(LlamaModel model, ByteLevelBpe tokenizer, int[] prompt, int tokens) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.prompt = prompt;
        this.tokens = tokens;
    }

    /**
     * One line of JSON: {@code base}, and {@code adapted} when {@code inputs/adapter} is there.
     *
     * @param tokens the most that an answer has
     * @param chat whether the text is what a user says in a conversation
     */
    public static String answer(Workplace place, String text, int tokens, boolean chat) throws IOException {
        if (tokens < 1 || tokens > MOST) {
            throw bad("Expected to answer with 1 to " + MOST + " tokens, but got " + tokens + ".");
        }
        LlamaConfig config = LlamaConfigReader.read(place.base());
        ByteLevelBpe tokenizer = TokenizerReader.read(place.base(), config.vocabulary());
        int[] prompt = prompt(config, tokenizer, chat ? "user: " + text + "\nassistant: " : text);
        if (prompt.length == 0 || prompt.length >= config.context()) {
            throw bad("Expected a prompt of 1 to " + (config.context() - 1) + " tokens, but it has " + prompt.length
                    + ".");
        }
        LlamaModel model = LlamaModelReader.read(place.base(), config);
        Generation generation =
                new Generation(model, tokenizer, prompt, Math.min(tokens, config.context() - prompt.length));
        LoraLayout none = LoraLayout.of(config, new Method(1, 1, 0, List.<Target>of()));
        Map<String, @Nullable Object> answers = new HashMap<>();
        answers.put("base", generation.answer(none, 1, new float[none.size()]));
        if (Files.isDirectory(place.adapter())) {
            Adapter adapter = AdapterReader.read(place.adapter(), config);
            answers.put(
                    "adapted",
                    generation.answer(adapter.layout(), adapter.method().scaling(), adapter.parameters()));
        }
        return JsonWriter.write(answers);
    }

    /** As a row's first piece is encoded for training. */
    private static int[] prompt(LlamaConfig config, ByteLevelBpe tokenizer, String text) {
        int[] encoded = tokenizer.encode(text);
        int begin = config.beginToken() >= 0 ? 1 : 0;
        int[] prompt = new int[begin + encoded.length];
        if (begin == 1) {
            prompt[0] = config.beginToken();
        }
        System.arraycopy(encoded, 0, prompt, begin, encoded.length);
        return prompt;
    }

    private String answer(LoraLayout layout, double scaling, float[] parameters) {
        LoraStep step = new LoraStep(layout, scaling);
        step.load(parameters);
        int rows = prompt.length + tokens - 1;
        SequencePass pass = new SequencePass(
                KernelChoice.best(), model, layout, step, new Dropout(0, 0), new Rotary(model.config(), rows), rows);
        int[] sequence = java.util.Arrays.copyOf(prompt, prompt.length + tokens);
        List<Integer> said = new ArrayList<>();
        while (said.size() < tokens) {
            int length = prompt.length + said.size();
            int next = likeliest(pass, sequence, length);
            if (next == model.config().endToken()) {
                break;
            }
            sequence[length] = next;
            said.add(next);
        }
        return tokenizer.decode(said);
    }

    private static int likeliest(SequencePass pass, int[] sequence, int length) {
        boolean[] learned = new boolean[length + 1];
        learned[length] = true;
        Example example = new Example(java.util.Arrays.copyOf(sequence, length + 1), learned);
        float[] logits = pass.logits(example, new Place(0, 0, length));
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }

    private static JobFailure bad(String message) {
        return JobFailure.spec("BAD_PROMPT", message, "Shorten it, or ask for fewer tokens.");
    }
}
