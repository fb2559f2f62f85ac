package io.perigee.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

class DependenciesDocumentTest {
    private static final Path ROOT = Path.of("..");
    private static final Path DOCUMENT = ROOT.resolve("docs").resolve("dependencies.md");
    private static final String EVERY_ROOM = "every room";
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");

    private record Row(Set<String> artifacts, Set<String> rooms, String why) {}

    @Test
    void shouldFindEveryDependencyOfThePomsAndNoOther() throws Exception {
        // given
        var poms = poms();

        // when
        var page = new TreeMap<String, Set<String>>();
        for (var row : rows()) {
            for (String artifact : row.artifacts()) {
                assertThat(page.put(artifact, row.rooms()))
                        .as("an earlier row of %s", artifact)
                        .isNull();
            }
        }

        // then
        assertThat(page.keySet())
                .as("the dependencies on docs/dependencies.md")
                .containsExactlyInAnyOrderElementsOf(poms.keySet());
        poms.forEach((artifact, rooms) -> assertThat(page.get(artifact))
                .as("the rooms on docs/dependencies.md that depend on %s", artifact)
                .containsAll(rooms));
    }

    @Test
    void shouldGiveEachRowAReasonAndNoRoomWithoutIt() throws Exception {
        // given
        var poms = poms();

        // when
        var rows = rows();

        // then
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.why()).as("why %s", row.artifacts()).isNotBlank();
            var users = row.artifacts().stream()
                    .flatMap(artifact -> poms.getOrDefault(artifact, Set.of()).stream())
                    .collect(Collectors.toSet());
            assertThat(row.rooms()).as("rooms of %s", row.artifacts()).isEqualTo(users);
        });
    }

    /** The rows of the page's first table. */
    private static List<Row> rows() throws IOException {
        var rows = new ArrayList<Row>();
        for (String line : Files.readAllLines(DOCUMENT)) {
            if (line.equals("## Of the build")) {
                return rows;
            }
            if (line.startsWith("| `")) {
                var cells = line.split("\\|");
                rows.add(new Row(names(cells[1]), where(cells[2].strip()), cells[3]));
            }
        }
        throw new AssertionError("Expected docs/dependencies.md to go on to '## Of the build', but it does not");
    }

    private static Set<String> where(String cell) {
        return cell.equals(EVERY_ROOM) ? Set.of(EVERY_ROOM) : names(cell);
    }

    private static Set<String> names(String cell) {
        return NAME.matcher(cell)
                .results()
                .map((MatchResult found) -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Each artifact that is not this project's own, and the rooms whose POMs depend on it. */
    private static Map<String, Set<String>> poms() throws Exception {
        var users = new TreeMap<String, Set<String>>();
        var root = project(ROOT);
        collect(root, EVERY_ROOM, users);
        for (Element module : children(only(root, "modules"))) {
            collect(project(ROOT.resolve(module.getTextContent())), module.getTextContent(), users);
        }
        return users;
    }

    private static void collect(Element project, String room, Map<String, Set<String>> users) {
        for (Element list : children(project)) {
            if (!list.getNodeName().equals("dependencies")) {
                continue;
            }
            for (Element dependency : children(list)) {
                if (!only(dependency, "groupId").getTextContent().equals("io.perigee")) {
                    users.computeIfAbsent(only(dependency, "artifactId").getTextContent(), _ -> new TreeSet<>())
                            .add(room);
                }
            }
        }
    }

    private static Element project(Path directory) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(directory.resolve("pom.xml").toFile())
                .getDocumentElement();
    }

    private static Element only(Element parent, String name) {
        return children(parent).stream()
                .filter(child -> child.getNodeName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        "Expected <%s> in <%s>, but there is none".formatted(name, parent.getNodeName())));
    }

    private static List<Element> children(Element parent) {
        var found = new ArrayList<Element>();
        for (Node each = parent.getFirstChild(); each != null; each = each.getNextSibling()) {
            if (each instanceof Element element) {
                found.add(element);
            }
        }
        return found;
    }
}
