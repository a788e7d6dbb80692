package io.nexus.heartbeat.decide;

import static io.nexus.heartbeat.decide.World.restart;
import static io.nexus.heartbeat.decide.World.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.MonitorState.Happening.Kind;
import io.nexus.heartbeat.api.Order;
import io.nexus.heartbeat.api.OrderBook.Handled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** However often a process dies and whoever writes first: an order is obeyed once, and not lost. */
class OrdersPropertyTest {

  /** What may happen next. */
  enum Step {
    ANNOTATE_PAUSE,
    ANNOTATE_RESUME,
    ANNOTATE_ACK,
    ANNOTATE_RESET,
    ANNOTATE_RUN_NOW,
    /** Decided and stored. */
    TURN,
    /** Decided, and somebody else has written: nothing is stored, and it is decided again later. */
    TURN_THAT_CONFLICTS,
    /** Decided and stored, and the process dies before it has done what follows. */
    TURN_THAT_DIES,
    RESTART,
    UP,
    DOWN,
    A_MINUTE
  }

  @Provide
  Arbitrary<List<Step>> histories() {
    return Arbitraries.of(Step.class).list().ofMinSize(10).ofMaxSize(120);
  }

  @Property(tries = 500)
  void eachOrderIsHandledExactlyOnce(@ForAll("histories") List<Step> history) {
    var world = new World(target("gateway", restart()), target("redis"));
    world.up("gateway").up("redis").decide();
    var given = new HashMap<Order, Integer>();
    var handled = new ArrayList<Handled>();
    var asked = 0;
    for (var step : history) {
      world.after(Duration.ofSeconds(1));
      switch (step) {
        case ANNOTATE_PAUSE -> annotate(world, given, Order.Pause);
        case ANNOTATE_RESUME -> annotate(world, given, Order.Resume);
        case ANNOTATE_ACK -> annotate(world, given, Order.Ack);
        case ANNOTATE_RESET -> annotate(world, given, Order.Reset);
        case ANNOTATE_RUN_NOW -> annotate(world, given, Order.RunNow);
        case TURN_THAT_CONFLICTS -> {
          var _ = Decision.of(world.situation(Map.of()));
        }
        case TURN, TURN_THAT_DIES -> {
          var decision = turn(world, handled);
          asked += decision.asked().isEmpty() ? 0 : 1;
          if (step == Step.TURN_THAT_DIES) {
            world.restarted();
          }
        }
        case RESTART -> world.restarted();
        case UP -> world.up("gateway");
        case DOWN -> world.down("gateway");
        case A_MINUTE -> world.after(Duration.ofMinutes(1));
      }
    }
    asked += turn(world, handled).asked().isEmpty() ? 0 : 1;
    assertThat(turn(world, handled).asked()).isEmpty();

    assertThat(handled)
        .as("no text twice")
        .extracting(h -> h.order() + " " + h.value())
        .doesNotHaveDuplicates();
    for (var order : world.orders.entrySet()) {
      assertThat(handled)
          .as("the last that stands there was handled")
          .anyMatch(h -> h.order() == order.getKey() && h.value().equals(order.getValue()));
    }
    assertThat(asked)
        .as("looked at once for each")
        .isEqualTo(handled.stream().filter(h -> h.order() == Order.RunNow).count());
    assertThat(world.status.state().orders().handled()).hasSizeLessThanOrEqualTo(5);
    for (var incident : world.status.state().incidents()) {
      var acks = incident.story().stream().filter(h -> h.kind() == Kind.Acknowledged).count();
      assertThat(acks)
          .isLessThanOrEqualTo(handled.stream().filter(h -> h.order() == Order.Ack).count());
    }
  }

  private static Decision turn(World world, List<Handled> handled) {
    var before = world.status.state().orders().handled();
    var decision = world.decide();
    world.status.state().orders().handled().stream()
        .filter(h -> !before.contains(h))
        .forEach(handled::add);
    return decision;
  }

  private static void annotate(World world, Map<Order, Integer> given, Order order) {
    world.orders.put(order, "at=" + given.merge(order, 1, Integer::sum));
  }
}
