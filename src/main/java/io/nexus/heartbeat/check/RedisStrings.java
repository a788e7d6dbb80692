package io.nexus.heartbeat.check;

import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A list of strings. The driver's own makes room for as many as the server claims to send. */
final class RedisStrings extends CommandOutput<String, String, List<String>> {
  RedisStrings() {
    super(StringCodec.UTF8, new ArrayList<>());
  }

  @Override
  public void set(ByteBuffer bytes) {
    if (bytes != null) {
      get().add(codec.decodeValue(bytes));
    }
  }

  @Override
  public void set(long integer) {
    get().add(String.valueOf(integer));
  }
}
