package io.perigee.api.document;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A page whose prose is written by hand and whose regions between {@code <!-- generated: name -->} and
 * {@code <!-- end -->} are written by a test.
 */
final class MarkedPage {
    private static final Pattern REGION =
            Pattern.compile("^<!-- generated: ([^>\n]+) -->\n(.*?)^<!-- end -->$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern HEADING = Pattern.compile("^#{1,6} (.+)$", Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("\\]\\(#([^)]+)\\)");

    private MarkedPage() {}

    /** The page with every region filled; each block must have exactly one region and each region a block. */
    static String fill(String page, Map<String, String> blocks) {
        var names =
                REGION.matcher(page).results().map(region -> region.group(1)).toList();
        if (!names.stream()
                .sorted()
                .toList()
                .equals(blocks.keySet().stream().sorted().toList())) {
            throw new IllegalStateException(
                    "Expected one region for every block, but the page lacks %s and has too many of %s"
                            .formatted(without(blocks.keySet(), names), surplus(names, blocks.keySet())));
        }
        return REGION.matcher(page)
                .replaceAll(region ->
                        java.util.regex.Matcher.quoteReplacement("<!-- generated: %s -->\n\n%s\n\n<!-- end -->"
                                .formatted(
                                        region.group(1),
                                        java.util.Objects.requireNonNull(blocks.get(region.group(1)))
                                                .strip())));
    }

    /** The regions that do not hold what they should. */
    static List<String> stale(String page, Map<String, String> blocks) {
        var fresh = regions(fill(page, blocks));
        return regions(page).entrySet().stream()
                .filter(region -> !region.getValue().equals(fresh.get(region.getKey())))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static Map<String, String> regions(String page) {
        return REGION.matcher(page)
                .results()
                .collect(Collectors.toMap(region -> region.group(1), region -> region.group(2)));
    }

    /** Links into the page that lead nowhere. */
    static List<String> brokenLinks(String page) {
        var anchors = new HashSet<String>();
        HEADING.matcher(page).results().map(MarkedPage::anchor).forEach(anchors::add);
        return LINK.matcher(page)
                .results()
                .map(link -> link.group(1))
                .filter(link -> !anchors.contains(link))
                .distinct()
                .toList();
    }

    /** As GitHub makes it: lower case, no punctuation, hyphens for spaces. */
    private static String anchor(MatchResult heading) {
        return heading.group(1)
                .strip()
                .toLowerCase(java.util.Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    private static List<String> without(Set<String> all, List<String> present) {
        return all.stream().filter(name -> !present.contains(name)).sorted().toList();
    }

    private static List<String> surplus(List<String> present, Set<String> wanted) {
        var left = new ArrayList<>(present);
        wanted.forEach(left::remove);
        return left;
    }
}
