package io.perigee.cli.answer;

/** Somebody who runs the trainer that made an adapter; the answers are the trainer's own. */
interface Answerer {
    Answers answer(Question question);
}
