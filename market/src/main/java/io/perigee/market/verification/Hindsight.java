package io.perigee.market.verification;

import java.util.Map;

/**
 * What the work that holds in the end says of a run that was not accepted. Both have opened their leaves, and honest runs of
 * one order in one class have the same ones: a machine that died is told from one that kept silent about what it forged.
 */
public enum Hindsight {
    /** It had opened nothing, or what holds does not reach as far. */
    NOTHING,
    /** The same leaves. */
    SAME,
    /** Another leaf at some border. */
    OTHER;

    /**
     * Of leaves by their borders.
     *
     * @param opened by the run that was not accepted
     * @param held of what was
     */
    public static <T> Hindsight of(Map<Integer, T> opened, Map<Integer, T> held) {
        boolean differs = opened.entrySet().stream()
                .anyMatch(leaf ->
                        held.containsKey(leaf.getKey()) && !leaf.getValue().equals(held.get(leaf.getKey())));
        if (differs) {
            return OTHER;
        }
        return !opened.isEmpty() && held.keySet().containsAll(opened.keySet()) ? SAME : NOTHING;
    }
}
