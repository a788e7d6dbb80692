package io.nexus.heartbeat.wiring;

import io.nexus.heartbeat.alert.Channel;
import io.nexus.heartbeat.decide.Notice;
import io.nexus.heartbeat.net.Deadline;

/** A receiver that cannot exist here: Kubernetes Events on a host without Kubernetes. */
record NoChannel(String receiver) implements Channel {
  @Override
  public Answer send(Notice notice, Deadline deadline) {
    return new Answer.Refused(
        "receiver " + receiver + " writes Kubernetes Events, and there is no Kubernetes here");
  }

  @Override
  public String destination() {
    return "events";
  }

  @Override
  public String kind() {
    return "events";
  }
}
