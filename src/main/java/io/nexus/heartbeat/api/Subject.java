package io.nexus.heartbeat.api;

/**
 * What an act is done to. One act at a time on each, for whichever target.
 *
 * @param kind Such as Deployment.
 * @param name Its name, in the monitor's namespace.
 */
@Wire
public record Subject(String kind, String name) {
  @Override
  public String toString() {
    return kind + "/" + name;
  }
}
