package io.nexus.heartbeat.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.util.List;
import java.util.regex.Pattern;

/** One failure, one repair that helped, everybody told: whoever did it, in however many lives. */
final class OneRepair {
  private static final Pattern INCIDENT = Pattern.compile("(?m)^Incident (\\w+)$");
  private static final String HELPED = "restarted Deployment/gateway, and gateway is well again";

  private final Scenario scenario;
  private final long generation;

  private OneRepair(Scenario scenario) {
    this.scenario = scenario;
    generation = scenario.deployment().getMetadata().getGeneration();
  }

  /** Of what is there before the failure. */
  static OneRepair of(Scenario scenario) {
    return new OneRepair(scenario);
  }

  boolean isOver() {
    return scenario.restarts() > 0
        && !scenario.messages().isEmpty()
        && scenario.messages().getLast().contains("Resolved")
        && Scenario.isPeace(scenario.status());
  }

  /**
   * @param repeats how many messages at most may have been said again
   */
  void assertOnceOnly(int repeats) {
    assertOneRestart();
    assertEventsOnce();
    assertTold(repeats);
    assertThat(scenario.status()).as("nothing is left open").matches(Scenario::isPeace);
  }

  private void assertOneRestart() {
    var metadata = scenario.deployment().getMetadata();
    assertThat(metadata.getGeneration()).as("changes of the workload").isEqualTo(generation + 1);
    assertThat(scenario.restarts()).isEqualTo(1);
    assertThat(metadata.getAnnotations())
        .containsEntry("heartbeat.nexus.io/sequence", "1")
        .containsKey("heartbeat.nexus.io/action");
    assertThat(scenario.status().state().acts()).as("acts on the budget").hasSize(1);
  }

  private void assertEventsOnce() {
    var events = scenario.events();
    assertThat(events)
        .extracting(Event::getReason)
        .containsExactlyInAnyOrder("Opened", "Planned", "RepairHelped", "Resolved");
    assertThat(events.stream().map(event -> event.getMetadata().getName().split("\\.")[1]))
        .as("one incident")
        .containsOnly(events.getFirst().getMetadata().getName().split("\\.")[1]);
  }

  private void assertTold(int repeats) {
    var messages = scenario.messages();
    assertThat(messages.getFirst()).contains("HTTP 503").doesNotContain("Resolved");
    assertThat(messages).as("the outcome").anyMatch(m -> m.contains(HELPED));
    assertThat(messages.getLast()).contains("Resolved");
    assertThat(messages.size()).as("%s", messages).isBetween(2, 3 + repeats);
    assertThat(messages.stream().filter(m -> m.contains("Resolved")).count())
        .isLessThanOrEqualTo(1L + repeats);
    assertThat(messages.stream().distinct().count())
        .as("said again: %s", messages)
        .isGreaterThanOrEqualTo(messages.size() - repeats);
    assertThat(messages.stream().map(OneRepair::incident).distinct().toList())
        .as("one incident")
        .isEqualTo(List.of(incident(messages.getFirst())));
  }

  private static String incident(String message) {
    var found = INCIDENT.matcher(message);
    assertThat(found.find()).as("an incident's id in: %s", message).isTrue();
    return found.group(1);
  }
}
