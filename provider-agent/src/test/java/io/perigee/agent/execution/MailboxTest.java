package io.perigee.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.artifact.Cancellation;
import io.perigee.protocol.id.Digest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The adversary is a hub that says more than an attempt can hear. */
final class MailboxTest {
    private final Mailbox mailbox =
            new Mailbox(Digest.ZERO, new Cancellation(), new Delivery(new Cancellation()), _ -> true);

    @Test
    void shouldKeepWhatThisAgentSaysHoweverMuchTheHubDoes() throws InterruptedException {
        // given
        for (int i = 0; i < 2_000; i++) {
            mailbox.put(new Signal.HaltAt(i));
        }

        // when
        mailbox.put(new Signal.ContainerEnded());

        // then
        Signal last = null;
        int heard = 0;
        for (var next = mailbox.take(Duration.ZERO); next != null; next = mailbox.take(Duration.ZERO)) {
            last = next;
            heard++;
        }
        assertThat(last).isEqualTo(new Signal.ContainerEnded());
        assertThat(heard).isEqualTo(1_025);
    }

    @Test
    void shouldTellOnceThatTheHubMustSaySomethingAgain() {
        // given
        mailbox.put(new Signal.HaltAt(1));
        boolean before = mailbox.dropped();
        for (int i = 0; i < 1_024; i++) {
            mailbox.put(new Signal.HaltAt(i));
        }

        // when
        boolean once = mailbox.dropped();

        // then
        assertThat(before).isFalse();
        assertThat(once).isTrue();
        assertThat(mailbox.dropped()).isFalse();
    }
}
