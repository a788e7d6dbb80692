package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.PushTarget;
import io.nexus.heartbeat.reading.Reading;

/** What the targets of one monitor have said by themselves. */
public interface Pushes {

  /** How well a target is by what it last said, and when. */
  Reading of(String target, PushTarget declared);

  /** Where nobody listens. */
  Pushes NONE =
      (_, _) ->
          new Reading.Unknown(
              "a target of kind push speaks by itself; only 'run' and the operator listen");
}
