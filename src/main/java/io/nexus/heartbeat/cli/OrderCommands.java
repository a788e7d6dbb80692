package io.nexus.heartbeat.cli;

import io.nexus.heartbeat.api.Order;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a person may order of a monitor; each is a command of its own. */
final class OrderCommands {
  private static final String MONITOR = "The monitor: NAME, or NAMESPACE/NAME.";
  private static final String TARGETS = "Targets; none: all of the monitor.";

  private OrderCommands() {}

  /** One order, of one monitor. */
  private abstract static class Given implements Callable<Integer> {
    private final Order order;

    @Parameters(index = "0", paramLabel = "MONITOR", description = MONITOR)
    private String monitor = "";

    @Mixin private final OrderOptions options = new OrderOptions();

    @Spec private @Nullable CommandSpec spec;

    Given(Order order) {
      this.order = order;
    }

    abstract List<String> words();

    @Override
    public Integer call() throws InterruptedException {
      return options.give(order, monitor, words(), Objects.requireNonNull(spec).commandLine());
    }
  }

  @Command(
      name = "approve",
      mixinStandardHelpOptions = true,
      description = {
        "Lets one step of repair be done that waits for a person, as 'heartbeat status' shows it. What"
            + " must hold for a repair is judged once more, and another step needs another approval.",
        OrderOptions.EXIT_CODES
      })
  static final class Approve extends Given {
    @Parameters(index = "1", paramLabel = "STEP", description = "Its id, such as 8442-1f3a.")
    private String step = "";

    Approve() {
      super(Order.Approve);
    }

    @Override
    List<String> words() {
      return List.of(step);
    }
  }

  @Command(
      name = "pause",
      mixinStandardHelpOptions = true,
      description = {
        "Repairs nothing of a monitor, for a while or until it is resumed. What is planned is called"
            + " off; what was done is verified. Checks and messages go on.",
        OrderOptions.EXIT_CODES
      })
  static final class Pause extends Given {
    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "DURATION",
        description = "How long, such as 2h; default: until it is resumed.")
    private @Nullable String lasting;

    Pause() {
      super(Order.Pause);
    }

    @Override
    List<String> words() {
      return lasting == null ? List.of() : List.of(lasting);
    }
  }

  @Command(
      name = "resume",
      mixinStandardHelpOptions = true,
      description = {"Ends a pause.", OrderOptions.EXIT_CODES})
  static final class Resume extends Given {
    Resume() {
      super(Order.Resume);
    }

    @Override
    List<String> words() {
      return List.of();
    }
  }

  @Command(
      name = "reset",
      mixinStandardHelpOptions = true,
      description = {
        "Begins the repair of open incidents anew, with all its attempts, such as one that is"
            + " exhausted. Budget and cooldown count on. Refused while something is being done.",
        OrderOptions.EXIT_CODES
      })
  static final class Reset extends Given {
    @Parameters(index = "1..*", paramLabel = "TARGET", description = TARGETS)
    private List<String> targets = List.of();

    Reset() {
      super(Order.Reset);
    }

    @Override
    List<String> words() {
      return targets;
    }
  }

  @Command(
      name = "ack",
      mixinStandardHelpOptions = true,
      description = {
        "Says that you know of open incidents and take care of them. It changes nothing of repair.",
        OrderOptions.EXIT_CODES
      })
  static final class Ack extends Given {
    @Parameters(index = "1..*", paramLabel = "TARGET", description = TARGETS)
    private List<String> targets = List.of();

    Ack() {
      super(Order.Ack);
    }

    @Override
    List<String> words() {
      return targets;
    }
  }

  @Command(
      name = "run-now",
      mixinStandardHelpOptions = true,
      description = {"Checks targets at once.", OrderOptions.EXIT_CODES})
  static final class RunNow extends Given {
    @Parameters(index = "1..*", paramLabel = "TARGET", description = TARGETS)
    private List<String> targets = List.of();

    RunNow() {
      super(Order.RunNow);
    }

    @Override
    List<String> words() {
      return targets;
    }
  }
}
