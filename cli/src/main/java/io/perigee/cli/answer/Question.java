package io.perigee.cli.answer;

import java.nio.file.Path;

/**
 * What is asked, and of whom.
 *
 * @param adapter a job's outputs
 * @param tokens the most that an answer has
 * @param chat whether the prompt is what a user says in a conversation
 */
record Question(Path base, Path adapter, String prompt, int tokens, boolean chat) {}
