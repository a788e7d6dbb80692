package io.nexus.heartbeat.api;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import io.fabric8.generator.annotation.Size;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;

/** On an {@link Instant}: RFC 3339 in UTC, with milliseconds only when there are some. */
@Retention(RetentionPolicy.RUNTIME)
@JacksonAnnotationsInside
@JsonSerialize(using = Timestamp.Writer.class)
@JsonDeserialize(using = Timestamp.Reader.class)
@Size(min = 20, max = 35) public @interface Timestamp {

  final class Writer extends StdScalarSerializer<Instant> {
    Writer() {
      super(Instant.class);
    }

    @Override
    public void serialize(Instant value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(value.truncatedTo(ChronoUnit.MILLIS).toString());
    }
  }

  final class Reader extends StdScalarDeserializer<Instant> {
    Reader() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser in, DeserializationContext context) throws IOException {
      var text = in.getValueAsString("");
      try {
        return OffsetDateTime.parse(text).toInstant();
      } catch (DateTimeException _) {
        return (Instant)
            context.handleWeirdStringValue(
                Instant.class, text, "right would be 2026-12-01T02:00:00Z");
      }
    }
  }
}
