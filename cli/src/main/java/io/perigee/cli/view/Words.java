package io.perigee.cli.view;

import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Decimal;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers and names as people read them. */
public final class Words {
    private static final DateTimeFormatter INSTANT = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Words() {}

    /** "0x1234…abcd" */
    public static String brief(String hex) {
        return hex.length() <= 14 ? hex : hex.substring(0, 6) + "…" + hex.substring(hex.length() - 4);
    }

    public static String money(Amount amount, int decimals, String symbol) {
        return amount.toTokens(decimals) + " " + symbol;
    }

    /** "3.2913" */
    public static String loss(Decimal loss) {
        return loss.number().setScale(4, RoundingMode.HALF_UP).toPlainString();
    }

    /** "0.3s", "12.4s", "3m 07s", "2h 05m" */
    public static String duration(Duration duration) {
        long millis = Math.max(duration.toMillis(), 0);
        if (millis < 60_000) {
            return String.format(Locale.ROOT, "%.1fs", millis / 1000.0);
        }
        long seconds = millis / 1000;
        return seconds < 3600
                ? "%dm %02ds".formatted(seconds / 60, seconds % 60)
                : "%dh %02dm".formatted(seconds / 3600, seconds / 60 % 60);
    }

    /** "2026-11-26 12:00:05 UTC" */
    public static String moment(Instant instant) {
        return INSTANT.format(instant);
    }

    /** "2026-11-27 09:30:00 UTC, in 2h 05m", or only the instant when it is past */
    public static String instant(Instant at, Instant now) {
        var text = moment(at);
        return now.isBefore(at) ? text + ", in " + span(Duration.between(now, at)) : text;
    }

    /** "45s", "3m 07s", "2h 05m", "9d 04h" */
    public static String span(Duration duration) {
        long seconds = Math.max(duration.toSeconds(), 0);
        if (seconds < 60) {
            return seconds + "s";
        }
        long hours = seconds / 3600;
        return hours < 48 ? duration(duration) : "%dd %02dh".formatted(hours / 24, hours % 24);
    }

    /** An amount of the chain's own coin, in wei, to six digits. */
    public static String coin(BigInteger wei) {
        return new BigDecimal(wei, 18)
                .round(new MathContext(6))
                .stripTrailingZeros()
                .toPlainString();
    }

    /** "12.3 kB", "4.5 MB" */
    public static String bytes(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        while (value >= 999.5 && unit < 4) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %cB", value, "kMGTP".charAt(unit));
    }

    /** "16 384" */
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number).replace(',', ' ');
    }

    public static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
