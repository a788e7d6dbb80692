package io.nexus.heartbeat.check;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.postgresql.core.VisibleBufferedInputStream;

class PostgresMessagesTest {
  /** The driver's own stream swallows a SocketTimeoutException and reads again, without end. */
  @Test
  @Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD)
  void theDriverDoesNotReadOnWhenTheDeadlineIsOver() {
    var over =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new SocketTimeoutException("timed out");
          }
        };
    var driver = new VisibleBufferedInputStream(new PostgresMessages(over), 8192);
    assertThatThrownBy(driver::read)
        .isInstanceOf(IOException.class)
        .hasCauseInstanceOf(SocketTimeoutException.class);
  }
}
