package io.perigee.cli.view;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A curve in a few lines of text: two by four dots a character where the terminal has Braille, stars elsewhere. */
public final class LossPlot {
    /** Bits of a Braille character by row and column. */
    private static final int[][] DOTS = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

    private static final int AXIS = 8;

    private final Ink ink;
    private final int columns;
    private final int rows;

    public LossPlot(Ink ink, int columns, int rows) {
        this.ink = ink;
        this.columns = columns;
        this.rows = rows;
    }

    /** One value per step from 1 on, NaN where a step is not known; the x axis is {@code steps} long. */
    public List<String> lines(double[] values, int steps, String indent) {
        double low = Arrays.stream(values).filter(Double::isFinite).min().orElse(Double.NaN);
        double high = Arrays.stream(values).filter(Double::isFinite).max().orElse(Double.NaN);
        if (!Double.isFinite(low)) {
            return List.of();
        }
        double span = high - low < 1e-9 ? 1 : high - low;
        int width = columns * (ink.unicode() ? 2 : 1);
        int height = rows * (ink.unicode() ? 4 : 1);
        var dots = new boolean[height][width];
        int before = -1;
        for (int x = 0; x < width; x++) {
            double value = at(values, steps, (double) x / Math.max(width - 1, 1));
            if (Double.isFinite(value)) {
                int y = (int) Math.round((high - value) / span * (height - 1));
                for (int fill = before < 0 ? y : Math.min(before, y);
                        fill <= (before < 0 ? y : Math.max(before, y));
                        fill++) {
                    dots[fill][x] = true;
                }
                before = y;
            }
        }
        var lines = new ArrayList<String>();
        for (int row = 0; row < rows; row++) {
            var label = row == 0
                    ? String.format(Locale.ROOT, "%.3f", high)
                    : row == rows - 1 ? String.format(Locale.ROOT, "%.3f", low) : "";
            lines.add(indent
                    + ink.dim(Ink.padLeft(label, AXIS) + (ink.unicode() ? " ┤" : " |"))
                    + ink.accent(row(dots, row)));
        }
        return lines;
    }

    /** The mean of the steps around each: batches are small, so single losses jump. */
    static double[] smooth(double[] values, int window) {
        var smooth = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            double sum = 0;
            int count = 0;
            for (int j = Math.max(0, i - window); j <= Math.min(values.length - 1, i + window); j++) {
                if (Double.isFinite(values[j])) {
                    sum += values[j];
                    count++;
                }
            }
            smooth[i] = Double.isFinite(values[i]) ? sum / count : Double.NaN;
        }
        return smooth;
    }

    /** Between two steps the line is straight; beyond the last known step there is none. */
    private static double at(double[] values, int steps, double share) {
        double place = share * Math.max(steps - 1, 1);
        int left = (int) Math.floor(place);
        if (left >= values.length || !Double.isFinite(values[left])) {
            return Double.NaN;
        }
        int right = left + 1;
        return right < values.length && Double.isFinite(values[right])
                ? values[left] + (values[right] - values[left]) * (place - left)
                : place - left < 1e-9 ? values[left] : Double.NaN;
    }

    private String row(boolean[][] dots, int row) {
        var line = new StringBuilder();
        for (int column = 0; column < columns; column++) {
            if (!ink.unicode()) {
                line.append(dots[row][column] ? '*' : ' ');
                continue;
            }
            int bits = 0;
            for (int y = 0; y < 4; y++) {
                for (int x = 0; x < 2; x++) {
                    bits |= dots[row * 4 + y][column * 2 + x] ? DOTS[y][x] : 0;
                }
            }
            line.appendCodePoint(bits == 0 ? ' ' : 0x2800 + bits);
        }
        return line.toString().stripTrailing();
    }
}
