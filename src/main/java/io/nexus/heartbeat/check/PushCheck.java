package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.PushTarget;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.secret.SecretUnavailable;
import io.nexus.heartbeat.secret.Secrets;

/** Whether what must arrive has arrived; and could have, for without its token nothing does. */
record PushCheck(String name, PushTarget target, Secrets secrets, Pushes pushes) implements Check {

  @Override
  public Reading run(Deadline deadline) {
    try {
      var token = secrets.read(target.tokenFrom(), "").text();
      return token.length() < PushTarget.SHORTEST_TOKEN
          ? new Reading.Unknown(
              Words.nameOf(target.tokenFrom())
                  + " is too short for a token: at least "
                  + PushTarget.SHORTEST_TOKEN
                  + " characters")
          : pushes.of(name, target);
    } catch (SecretUnavailable e) {
      return new Reading.Unknown(String.valueOf(e.getMessage()));
    }
  }
}
