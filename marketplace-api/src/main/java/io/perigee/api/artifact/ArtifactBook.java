package io.perigee.api.artifact;

import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.id.ContentId;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Who announced, stored and may read what. Calls block; they are made on virtual threads.
 *
 * <p>Who may read a manifest because of its files, or as part of a job, may read the files it names.
 */
public interface ArtifactBook {
    /** Everybody. */
    String PUBLIC = "*";

    /**
     * What one subject has here.
     *
     * @param bytes of unfinished uploads and of what counts of those that are stored: of a builder's all, of a provider's what
     *     it sent since the oldest of its attempts that go on was assigned, or, when none does, within a day. What counted for
     *     an attempt is free again when it ends.
     * @param hasAllotment whether it is a builder with funds for this hub
     */
    record Holdings(long bytes, int openUploads, boolean hasAllotment) {}

    /** Whether one may have more; refuses by throwing. It must not block. */
    interface Admission {
        void check(Holdings holdings);
    }

    /**
     * Notes an announcement; the subject's unfinished one of the same content is returned instead when there is one.
     * Announcements of a subject come one after the other. Its content does not count against what there is. Bytes that are
     * being deleted are gone when this returns, and none are deleted then until the upload is over.
     *
     * @param admission asked before something is noted that is still to come, with what there is before it
     */
    Upload announce(Upload upload, Admission admission, Instant now);

    Optional<Upload> find(UUID upload, String subject);

    /**
     * Notes that the bytes of an upload are stored, and lets its subject read them.
     *
     * @param manifest the files it names, when it was announced as a manifest
     */
    void stored(Upload upload, Optional<Manifest> manifest, Instant now);

    /** Notes that content was put here by the operator, for everybody to read. */
    void published(ContentId content, long size, String mediaType, Instant now);

    void forget(UUID upload);

    /** Those of the ids that exist and that the subject may read. */
    Set<ContentId> readable(String subject, Collection<ContentId> ids);

    /**
     * The same, for whoever is going to name them: they are not forgotten for long then.
     *
     * @throws io.perigee.eventlog.TryLater when one was forgotten meanwhile
     */
    Set<ContentId> use(String subject, Collection<ContentId> ids, Instant now);
}
