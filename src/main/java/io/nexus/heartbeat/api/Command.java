package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import java.util.List;

/**
 * A program of this machine that repairs. It helps by ending with exit code 0. What it starts ends
 * with it, but for what leaves its process group.
 *
 * @param command The program's whole path, and its arguments, at most 31 of them; run without a
 *     shell.
 * @param timeout How long it may take, more than 0s and at most 1h; then it is killed.
 */
@Wire
public record Command(
    @Required
        @Size(min = 1, max = 32) @ValidationRule(
            value = "self.size() == 0 || self[0].startsWith('/')",
            message = "command must begin with the program's whole path, such as /usr/bin/true")
        List<@Pattern("^[^\\x00]*$") @Size(max = 1024) String> command,
    @GoDurationText
        @Default("1m")
        @ValidationRule(
            value = "duration(self) > duration('0s') && duration(self) <= duration('1h')",
            message = "timeout must be greater than 0s and at most 1h")
        Duration timeout)
    implements Action {
  /** Of one that is long, in words. */
  private static final int SHOWN = 200;

  public Command {
    command = List.copyOf(requireNonNullElse(command, List.of()));
    timeout = requireNonNullElse(timeout, Duration.ofMinutes(1));
  }

  /** The program: with whatever arguments, it runs once at a time. */
  @Override
  public Subject subject() {
    return new Subject("Command", command.isEmpty() ? "" : command.getFirst());
  }

  @Override
  public String words() {
    return "run " + line();
  }

  @Override
  public String past() {
    return "ran " + line();
  }

  /** It is ended by then. */
  @Override
  public Duration effectWithin() {
    return timeout.plusMinutes(1);
  }

  private String line() {
    return Bounded.text(String.join(" ", command), SHOWN);
  }
}
