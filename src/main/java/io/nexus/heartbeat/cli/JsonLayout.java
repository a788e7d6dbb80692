package io.nexus.heartbeat.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.util.LinkedHashMap;
import org.slf4j.event.KeyValuePair;

/**
 * Logs for machines: a record is a line with {@code time} (RFC 3339), {@code level}, {@code
 * logger}, {@code message}, what else the record knows, such as {@code monitor}, and {@code stack}.
 */
final class JsonLayout extends LayoutBase<ILoggingEvent> {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Override
  public String doLayout(ILoggingEvent event) {
    var record = new LinkedHashMap<String, String>();
    record.put("time", Instant.ofEpochMilli(event.getTimeStamp()).toString());
    record.put("level", event.getLevel().toString());
    record.put("logger", event.getLoggerName());
    record.put("message", event.getFormattedMessage());
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        record.putIfAbsent(pair.key, String.valueOf(pair.value));
      }
    }
    if (event.getThrowableProxy() != null) {
      record.put("stack", ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    return JSON.valueToTree(record) + "\n";
  }
}
