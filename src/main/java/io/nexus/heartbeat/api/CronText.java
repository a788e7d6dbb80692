package io.nexus.heartbeat.api;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/**
 * On a schedule of five fields. The schema knows their form; {@link
 * io.nexus.heartbeat.api.calendar.CronSchedule} knows what they mean.
 */
@Retention(RetentionPolicy.RUNTIME)
@JacksonAnnotationsInside
@Pattern(CronText.PATTERN) @Size(min = 9, max = 100) @interface CronText {
  String PATTERN = "^ *([0-9A-Za-z*,/-]+ +){4}[0-9A-Za-z*,/-]+ *$";
}
