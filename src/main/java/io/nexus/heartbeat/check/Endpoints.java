package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.HttpTarget.ServiceRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who stands behind a Service of the monitor's namespace. */
public interface Endpoints {

  /**
   * Every endpoint that is not terminating, ready or not.
   *
   * @throws NotTold saying what is missing (the Service, the port, a right) and how to mend it
   */
  List<Endpoint> of(ServiceRef service) throws NotTold;

  /**
   * @param name the pod's, or the address
   * @param uid the pod's; null where it is none
   */
  record Endpoint(String name, String address, int port, @Nullable String uid) {}

  /** The endpoints cannot be told. */
  final class NotTold extends Exception {
    private static final long serialVersionUID = 1;

    public NotTold(String message) {
      super(message);
    }
  }

  /** Without Kubernetes there are no Services. */
  Endpoints NONE =
      service -> {
        throw new NotTold(
            "service " + service.name() + ": Services exist only in Kubernetes; use a url here");
      };
}
