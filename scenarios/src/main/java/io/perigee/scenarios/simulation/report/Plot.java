package io.perigee.scenarios.simulation.report;

import java.util.List;
import java.util.Locale;

/** A plain SVG: what one try of each strategy brings, under three rules. */
public final class Plot {
    private static final int ROW = 26;
    private static final int LEFT = 330;
    private static final int WIDTH = 960;
    private static final double LEAST = -2.2;
    private static final double MOST = 1;
    private static final int TOP = 50;

    private Plot() {}

    public static String svg(List<Row> rows) {
        int height = TOP + rows.size() * ROW + 20;
        var svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"13\">%n",
                WIDTH,
                height));
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        svg.append(
                text(10, 22, "Gain of one try over playing honestly, in job prices: Perigee (●), BOINC (△), PoCo (□)"));
        svg.append(String.format(
                Locale.ROOT, "<path d=\"M%1$.1f %2$d V%3$d\" stroke=\"black\"/>%n", x(0), TOP - 14, height - 10));
        for (int i = 0; i < rows.size(); i++) {
            svg.append(row(rows.get(i), TOP + i * ROW));
        }
        return svg.append("</svg>\n").toString();
    }

    private static String row(Row row, int y) {
        var marks = new StringBuilder(text(
                10,
                y + 5,
                "%d %s, %.0f %%"
                        .formatted(row.strategy().number(), row.strategy().words(), 100 * row.share())));
        marks.append(mark("●", row.tally().gainPerCheat(), y));
        if (row.isForged()) {
            marks.append(mark("△", row.boinc().gainPerCheat(), y))
                    .append(mark("□", row.poco().gainPerCheat(), y));
        }
        return marks.toString();
    }

    private static String mark(String sign, double gain, int y) {
        return Double.isNaN(gain) ? "" : text(x(Math.clamp(gain, LEAST, MOST)) - 6, y + 5, sign);
    }

    private static double x(double gain) {
        return LEFT + (gain - LEAST) / (MOST - LEAST) * (WIDTH - LEFT - 30);
    }

    private static String text(double x, int y, String words) {
        return String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%d\">%s</text>%n", x, y, words);
    }
}
