package io.perigee.cli.record;

import io.perigee.cli.ExitCode;
import io.perigee.cli.Session;
import io.perigee.cli.view.Table;
import io.perigee.protocol.rest.ClassView;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** In which numeric classes a difference proves something. */
@Command(
        name = "classes",
        description = "list the numeric classes that are offered, and whether their bits are known to agree",
        footer = {"", "Example: perigee classes"})
public final class ClassesCommand implements Callable<Integer> {
    private final Session session;

    ClassesCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var classes = session.client().classes();
        session.answer(classes, this::show);
        return ExitCode.DONE;
    }

    private void show(List<ClassView> classes) {
        if (classes.isEmpty()) {
            session.say("  no provider is online");
            return;
        }
        var ink = session.ink();
        var table = new Table(
                ink, "class", ">owners", ">largest share", ">equal pairs", ">unexplained", "a difference counts as");
        for (var each : classes) {
            table.row(
                    RecordCommand.name(each.numericClass()),
                    Integer.toString(each.owners()),
                    each.largestShare() + " %",
                    Long.toString(each.equal()),
                    Long.toString(each.unexplained()),
                    each.binds() ? "a cheat" : ink.dim("a crash"));
        }
        table.lines("  ").forEach(session::say);
    }
}
