package io.nexus.heartbeat.operator;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.nexus.heartbeat.act.ApiFailure;
import io.nexus.heartbeat.decide.SharedExpenses;
import io.nexus.heartbeat.decide.SharedExpenses.Expense;
import io.nexus.heartbeat.decide.SharedExpenses.Shares;
import io.nexus.heartbeat.engine.SharedBudget;
import java.net.HttpURLConnection;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The budget as a ConfigMap beside the operator, changed by compare-and-set: whoever leads, and
 * however many believe they do, together they spend no more. A key for each act, its id; the value
 * is when and for which namespace.
 */
final class ClusterBudget implements SharedBudget {
  static final String NAME = "heartbeat-budget";

  /** What is only looked at may be so old. */
  private static final Duration FRESH = Duration.ofSeconds(5);

  private static final int TRIES = 10;

  private final KubernetesClient client;
  private final Supplier<String> own;
  private final Shares shares;
  private final InstantSource clock;
  private volatile @Nullable Known known;
  private volatile @Nullable String namespace;

  private record Known(SharedExpenses expenses, long nanos) {}

  /** It was not written by us, or not only. */
  private static final class Foreign extends Exception {
    private static final long serialVersionUID = 1;

    Foreign(String message) {
      super(message);
    }
  }

  /**
   * @param own the operator's namespace, asked for when it is first needed
   */
  ClusterBudget(KubernetesClient client, Supplier<String> own, Shares shares, InstantSource clock) {
    this.client = client;
    this.own = own;
    this.shares = shares;
    this.clock = clock;
  }

  @Override
  public Optional<String> closed(String spender) {
    try {
      return expenses().closed(shares, spender, clock.instant());
    } catch (Foreign e) {
      return Optional.ofNullable(e.getMessage());
    } catch (KubernetesClientException e) {
      return Optional.of(unreadable(e));
    }
  }

  private SharedExpenses expenses() throws Foreign {
    var before = known;
    if (before != null && System.nanoTime() - before.nanos() < FRESH.toNanos()) {
      return before.expenses();
    }
    var found = live();
    return known(found == null ? SharedExpenses.NONE : read(found));
  }

  private SharedExpenses known(SharedExpenses now) {
    known = new Known(now, System.nanoTime());
    return now;
  }

  @Override
  public Optional<String> spend(String spender, String action) throws InterruptedException {
    try {
      for (var tried = 0; tried < TRIES; tried++) {
        var found = live();
        var before = found == null ? SharedExpenses.NONE : read(found);
        if (before.has(action)) {
          return Optional.empty();
        }
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var why = before.closed(shares, spender, now);
        if (why.isPresent()) {
          return why;
        }
        var after = before.with(new Expense(action, spender, now), shares);
        if (stored(found, after)) {
          known(after);
          return Optional.empty();
        }
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
      return Optional.of(place() + " was changed by somebody else each time");
    } catch (Foreign e) {
      return Optional.ofNullable(e.getMessage());
    } catch (KubernetesClientException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException(); // Fabric8 wraps an interrupt; the flag tells
      }
      return Optional.of(unreadable(e));
    }
  }

  private String namespace() {
    var asked = namespace;
    if (asked == null) {
      asked = own.get();
      namespace = asked;
    }
    return asked;
  }

  private @Nullable ConfigMap live() {
    return client.configMaps().inNamespace(namespace()).withName(NAME).get();
  }

  /** False: somebody wrote since it was read, or made it, or took it away. */
  private boolean stored(@Nullable ConfigMap found, SharedExpenses now) {
    try {
      if (found == null) {
        client.resource(fresh(now)).create();
      } else {
        // With the resourceVersion that was read: the API server compares it.
        client.resource(new ConfigMapBuilder(found).withData(written(now)).build()).update();
      }
      return true;
    } catch (KubernetesClientException e) {
      var gone = found != null && e.getCode() == HttpURLConnection.HTTP_NOT_FOUND;
      if (gone || e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return false;
      }
      throw e;
    }
  }

  private ConfigMap fresh(SharedExpenses now) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(NAME)
        .withNamespace(namespace())
        .addToLabels("app.kubernetes.io/part-of", "heartbeat")
        .endMetadata()
        .withData(written(now))
        .build();
  }

  private static Map<String, String> written(SharedExpenses expenses) {
    var data = new TreeMap<String, String>();
    expenses.spent().forEach(e -> data.put(e.action(), e.at() + " " + e.namespace()));
    return data;
  }

  private SharedExpenses read(ConfigMap found) throws Foreign {
    var spent = new ArrayList<Expense>();
    for (var entry : requireNonNullElse(found.getData(), Map.<String, String>of()).entrySet()) {
      var space = entry.getValue().indexOf(' ');
      try {
        var at = Instant.parse(entry.getValue().substring(0, Math.max(0, space)));
        spent.add(new Expense(entry.getKey(), entry.getValue().substring(space + 1), at));
      } catch (DateTimeException _) {
        throw new Foreign(
            "%s is not what Heartbeat wrote: its entry %s is not a time and a namespace; remove it"
                .formatted(place(), entry.getKey()));
      }
    }
    return new SharedExpenses(spent);
  }

  private String place() {
    return "ConfigMap " + NAME + " in namespace " + namespace();
  }

  private String unreadable(KubernetesClientException e) {
    return "ConfigMap %s beside Heartbeat cannot be used: %s%s"
        .formatted(
            NAME,
            ApiFailure.words(e),
            e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                ? ". To allow it: kubectl apply -f k8s/operator-roles.yaml"
                : "");
  }
}
