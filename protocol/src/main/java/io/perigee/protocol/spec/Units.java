package io.perigee.protocol.spec;

import io.perigee.protocol.error.InvalidValue;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/** Sizes and durations as people write them. A gigabyte is 10⁹ bytes. */
public final class Units {
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?) ?(B|KB|MB|GB|TB)");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})([smhd])");

    private Units() {}

    /** Reads "8GB" as bytes. */
    public static long bytes(String text) {
        var match = SIZE.matcher(text);
        if (!match.matches()) {
            throw InvalidValue.reading("a size", text, "it is not a number with B, KB, MB, GB or TB");
        }
        try {
            return new BigDecimal(match.group(1))
                    .movePointRight(power(match.group(2)))
                    .longValueExact();
        } catch (ArithmeticException e) {
            throw InvalidValue.reading("a size", text, "it is no whole number of bytes");
        }
    }

    /** The shortest text that {@link #bytes} reads as so many, 0 or more: "15.872GB". */
    public static String size(long bytes) {
        int power = 12;
        while (power > 0 && bytes < Math.powExact(10L, power)) {
            power -= 3;
        }
        while (power > 9 && bytes % Math.powExact(10L, power - 9) != 0) {
            power -= 3;
        }
        var number = BigDecimal.valueOf(bytes, power).stripTrailingZeros().toPlainString();
        return number
                + switch (power) {
                    case 12 -> "TB";
                    case 9 -> "GB";
                    case 6 -> "MB";
                    case 3 -> "KB";
                    default -> "B";
                };
    }

    /** Reads "24GB.." as the least number of bytes. */
    public static long atLeastBytes(String text) {
        if (!text.endsWith("..")) {
            throw InvalidValue.reading("a range of sizes", text, "it does not end with '..'");
        }
        return bytes(text.substring(0, text.length() - 2));
    }

    /** Reads "10m" as seconds. */
    public static int seconds(String text) {
        var match = DURATION.matcher(text);
        if (!match.matches()) {
            throw InvalidValue.reading("a duration", text, "it is not a whole number with s, m, h or d");
        }
        int unit =
                switch (match.group(2)) {
                    case "s" -> 1;
                    case "m" -> 60;
                    case "h" -> 3_600;
                    default -> 86_400;
                };
        try {
            return Math.toIntExact(Math.multiplyExact(Long.parseLong(match.group(1)), unit));
        } catch (ArithmeticException e) {
            throw InvalidValue.reading("a duration", text, "it is too long");
        }
    }

    private static int power(String unit) {
        return switch (unit) {
            case "KB" -> 3;
            case "MB" -> 6;
            case "GB" -> 9;
            case "TB" -> 12;
            default -> 0;
        };
    }
}
