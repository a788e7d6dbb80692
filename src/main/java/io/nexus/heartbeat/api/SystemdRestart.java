package io.nexus.heartbeat.api;

import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * A unit of this machine's systemd, which is restarted.
 *
 * @param unit Its name, such as nexus-gateway; a service, unless it ends with another kind such as
 *     .socket.
 */
@Wire
public record SystemdRestart(
    @Required @Pattern("^[A-Za-z0-9:_.@\\\\][A-Za-z0-9:_.@\\\\-]*$") @Size(min = 1, max = 240) String unit)
    implements Action {
  private static final String KINDS =
      ".+[.](service|socket|target|timer|path|mount|automount|swap|device|slice|scope)";

  @Override
  public Subject subject() {
    return new Subject("Unit", unit.matches(KINDS) ? unit : unit + ".service");
  }

  @Override
  public String words() {
    return "restart " + subject().name();
  }

  @Override
  public String past() {
    return "restarted " + subject().name();
  }
}
