package io.nexus.heartbeat.operator.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nexus.heartbeat.check.Endpoints.NotTold;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final AtomicInteger asked = new AtomicInteger();

  @Test
  void ahundredWhoAskAtOnceAreOneQuestion() throws Exception {
    var answer = new CountDownLatch(1);
    var shared =
        new Shared<String, String>(
            LONG,
            key -> {
              asked.incrementAndGet();
              answer.await();
              return key + "!";
            });
    var answers = new ArrayList<Future<String>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < 100; i++) {
        answers.add(threads.submit(() -> shared.get("a", LONG)));
      }
      answer.countDown();
      for (var one : answers) {
        assertThat(one.get()).isEqualTo("a!");
      }
    }
    assertThat(shared.get("a", LONG)).isEqualTo("a!");
    assertThat(asked).hasValue(1);
    assertThat(shared.get("b", LONG)).isEqualTo("b!");
  }

  @Test
  void whoWaitsNoLongerLeavesTheQuestionToTheOthers() throws Exception {
    var answer = new CountDownLatch(1);
    var shared =
        new Shared<String, Integer>(
            LONG,
            _ -> {
              answer.await();
              return asked.incrementAndGet();
            });
    assertThatThrownBy(() -> shared.get("a", Duration.ofMillis(20)))
        .isInstanceOf(TimeoutException.class);
    answer.countDown();
    assertThat(shared.get("a", LONG)).isEqualTo(1);
  }

  @Test
  void anAnswerThatIsOverIsAskedForAgain() throws Exception {
    var shared = new Shared<String, Integer>(Duration.ZERO, _ -> asked.incrementAndGet());
    assertThat(shared.get("a", LONG)).isEqualTo(1);
    assertThat(shared.get("a", LONG)).isEqualTo(2);
  }

  @Test
  void aFailureIsForAllWhoAskToo() {
    var shared =
        new Shared<String, Integer>(
            LONG,
            _ -> {
              throw new NotTold("refused " + asked.incrementAndGet());
            });
    for (var i = 0; i < 3; i++) {
      assertThatThrownBy(() -> shared.get("a", LONG))
          .isInstanceOf(NotTold.class)
          .hasMessage("refused 1");
    }
  }
}
