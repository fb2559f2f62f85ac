package io.perigee.api.artifact.postgres;

import io.perigee.api.artifact.Upload;
import io.perigee.protocol.id.ContentId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

@Entity
@Table(name = "upload")
class UploadEntity {
    @Id
    UUID id;

    String subject;

    String content;

    long size;

    @Column(name = "media_type")
    String mediaType;

    boolean complete;

    @Column(name = "created_at")
    Instant createdAt;

    static UploadEntity of(Upload upload, Instant now) {
        var entity = new UploadEntity();
        entity.id = upload.id();
        entity.subject = upload.subject();
        entity.content = upload.content().value();
        entity.size = upload.size();
        entity.mediaType = upload.mediaType();
        entity.complete = upload.complete();
        entity.createdAt = now;
        return entity;
    }

    Upload toUpload() {
        return new Upload(id, subject, new ContentId(content), size, mediaType, complete);
    }
}
