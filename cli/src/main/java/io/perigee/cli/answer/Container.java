package io.perigee.cli.answer;

import io.perigee.cli.engine.Engine;
import io.perigee.protocol.id.ContentId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The job's own image in the container engine of this machine, shut in as providers do it: no network, nothing to write
 * to, no privileges.
 *
 * @param archive fetches the image when the engine does not have it
 */
record Container(Engine engine, ContentId image, Supplier<Path> archive, Duration patience) implements Answerer {
    @Override
    public Answers answer(Question question) {
        Engine.requireReadable(question.base());
        Engine.requireReadable(question.adapter());
        if (!engine.has(image)) {
            engine.load(image, archive.get(), patience);
        }
        engine.requireNoVolumes(image);
        return Answers.of(engine.run(
                command(question), question.prompt(), patience, "Ask for fewer tokens, or on a faster machine"));
    }

    List<String> command(Question question) {
        var command = new ArrayList<>(List.of(
                "--interactive",
                "--volume=%s:/perigee/inputs/base:ro".formatted(question.base().toAbsolutePath()),
                "--volume=%s:/perigee/inputs/adapter:ro"
                        .formatted(question.adapter().toAbsolutePath()),
                image.value(),
                "generate",
                Integer.toString(question.tokens())));
        if (question.chat()) {
            command.add("chat");
        }
        return command;
    }
}
