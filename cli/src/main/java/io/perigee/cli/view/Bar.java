package io.perigee.cli.view;

/** A progress bar, smooth to an eighth of a column. */
public final class Bar {
    private static final String EIGHTHS = " ▏▎▍▌▋▊▉";

    private Bar() {}

    public static String of(Ink ink, long done, long total, int width) {
        double share = total <= 0 ? 0 : Math.clamp((double) done / total, 0, 1);
        if (!ink.unicode()) {
            int full = (int) Math.round(share * (width - 2));
            return "[" + "#".repeat(full) + ".".repeat(width - 2 - full) + "]";
        }
        int eighths = (int) Math.round(share * width * 8);
        int full = eighths / 8;
        var part = eighths % 8 == 0 ? "" : String.valueOf(EIGHTHS.charAt(eighths % 8));
        var rest = "─".repeat(width - full - part.length());
        return ink.accent("█".repeat(full) + part) + ink.dim(rest);
    }
}
