package io.nexus.heartbeat.operator;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.nexus.heartbeat.api.HttpTarget.ServiceRef;
import io.nexus.heartbeat.check.Endpoints;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Who stands behind the Services of one namespace. */
record ClusterEndpoints(ServiceWatch watch, String namespace) implements Endpoints {

  @Override
  public List<Endpoint> of(ServiceRef wanted) throws NotTold {
    var service =
        watch
            .service(namespace, wanted.name())
            .orElseThrow(
                () ->
                    new NotTold(
                        "Service %s not found in namespace %s"
                            .formatted(wanted.name(), namespace)));
    if ("ExternalName".equals(service.getSpec().getType())) {
      throw new NotTold(
          "Service %s has no endpoints of its own, its type is ExternalName: use a url"
              .formatted(wanted.name()));
    }
    var portName = requireNonNullElse(port(service, wanted).getName(), "");
    // One pod has an address in each family; it is checked once, in the Service's first.
    var family = families(service).isEmpty() ? "IPv4" : families(service).getFirst();
    var slices = new ArrayList<>(watch.slicesOf(namespace, wanted.name()));
    slices.removeIf(slice -> "FQDN".equals(slice.getAddressType()));
    slices.sort(
        Comparator.comparing((EndpointSlice slice) -> !family.equals(slice.getAddressType()))
            .thenComparing(slice -> slice.getMetadata().getName()));
    var found = new LinkedHashMap<String, Endpoint>();
    for (var slice : slices) {
      for (var endpoint : endpoints(slice, portName)) {
        found.putIfAbsent(endpoint.name(), endpoint);
      }
    }
    return List.copyOf(found.values());
  }

  private static List<String> families(Service service) {
    return requireNonNullElse(service.getSpec().getIpFamilies(), List.of());
  }

  private static List<Endpoint> endpoints(EndpointSlice slice, String portName) {
    var number =
        requireNonNullElse(slice.getPorts(), List.<EndpointPort>of()).stream()
            .filter(port -> portName.equals(requireNonNullElse(port.getName(), "")))
            .map(EndpointPort::getPort)
            .filter(Objects::nonNull)
            .findFirst();
    if (number.isEmpty() || slice.getEndpoints() == null) {
      return List.of();
    }
    return slice.getEndpoints().stream()
        .filter(it -> it.getAddresses() != null && !it.getAddresses().isEmpty())
        .filter(
            it ->
                it.getConditions() == null
                    || !Boolean.TRUE.equals(it.getConditions().getTerminating()))
        .map(
            it -> {
              // The addresses of one endpoint are fungible (API reference, Endpoint.addresses).
              var address = it.getAddresses().getFirst();
              var pod = it.getTargetRef();
              var name = pod == null || pod.getName() == null ? address : pod.getName();
              return new Endpoint(name, address, number.get(), uid(pod));
            })
        .toList();
  }

  private static @Nullable String uid(@Nullable ObjectReference of) {
    return of == null || !"Pod".equals(of.getKind()) ? null : of.getUid();
  }

  private static ServicePort port(Service service, ServiceRef wanted) throws NotTold {
    var ports = requireNonNullElse(service.getSpec().getPorts(), List.<ServicePort>of());
    var text = wanted.port().getStrVal();
    var number = wanted.port().getIntVal();
    return ports.stream()
        .filter(
            port ->
                text != null ? text.equals(port.getName()) : Objects.equals(number, port.getPort()))
        .findFirst()
        .orElseThrow(
            () ->
                new NotTold(
                    "Service %s has no port %s; it has: %s"
                        .formatted(
                            wanted.name(),
                            text == null ? number : text,
                            ports.stream()
                                .map(ClusterEndpoints::words)
                                .collect(Collectors.joining(", ")))));
  }

  private static String words(ServicePort port) {
    return port.getPort() + (port.getName() == null ? "" : " (" + port.getName() + ")");
  }
}
