package io.nexus.heartbeat.operator;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.nexus.heartbeat.net.Literals;
import io.nexus.heartbeat.operator.OwnAddresses.Holder;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One kind of object that has addresses of the installation's own.
 *
 * @param title for people, with its article and in the plural
 * @param resource in the API's terms
 * @param namespace where they are; empty: everywhere
 * @param name the only one that is wanted; empty: all
 * @param holder by its metadata alone
 */
record OwnKind<T extends HasMetadata>(
    String title,
    String group,
    String resource,
    String namespace,
    String name,
    Function<T, Holder> holder,
    Function<T, Set<InetAddress>> addresses) {
  static final Holder API_SERVER =
      new Holder("the API server of this cluster", OwnAddresses.EVERYBODY);

  /** The API server's Service, and the EndpointSlice that every API server writes itself into. */
  static final String API_SERVER_NAMESPACE = "default";

  static final String API_SERVER_NAME = "kubernetes";

  static final OwnKind<Node> NODES =
      new OwnKind<>(
          "the cluster's nodes",
          "",
          "nodes",
          "",
          "",
          node ->
              new Holder(
                  "node " + node.getMetadata().getName() + " of this cluster",
                  OwnAddresses.EVERYBODY),
          OwnKind::of);

  static final OwnKind<Service> SERVICES =
      new OwnKind<>(
          "the Services of other namespaces", "", "services", "", "", OwnKind::holder, OwnKind::of);

  static final OwnKind<EndpointSlice> API_SERVER_ENDPOINTS =
      new OwnKind<>(
          "the API server's endpoints",
          "discovery.k8s.io",
          "endpointslices",
          API_SERVER_NAMESPACE,
          API_SERVER_NAME,
          _ -> new Holder("an endpoint of the API server of this cluster", OwnAddresses.EVERYBODY),
          OwnKind::of);

  List<Right> rights() {
    return List.of(
        new Right("list", group, resource, "", name),
        new Right("watch", group, resource, "", name));
  }

  private static Holder holder(Service service) {
    var namespace = service.getMetadata().getNamespace();
    var name = service.getMetadata().getName();
    return namespace.equals(API_SERVER_NAMESPACE) && name.equals(API_SERVER_NAME)
        ? new Holder("the Service of the API server of this cluster", OwnAddresses.EVERYBODY)
        : new Holder("Service " + namespace + "/" + name, namespace);
  }

  private static Set<InetAddress> of(Node node) {
    var found = new HashSet<InetAddress>();
    if (node.getStatus() != null) {
      node.getStatus().getAddresses().stream()
          .map(NodeAddress::getAddress)
          .forEach(text -> add(text, found));
    }
    return found;
  }

  /** Not {@code loadBalancerIP}, which is a wish. */
  private static Set<InetAddress> of(Service service) {
    var found = new HashSet<InetAddress>();
    var spec = service.getSpec();
    if (spec != null) {
      add(spec.getClusterIP(), found);
      requireNonNullElse(spec.getClusterIPs(), List.<String>of()).forEach(it -> add(it, found));
      requireNonNullElse(spec.getExternalIPs(), List.<String>of()).forEach(it -> add(it, found));
    }
    var status = service.getStatus();
    if (status != null && status.getLoadBalancer() != null) {
      status.getLoadBalancer().getIngress().stream()
          .map(LoadBalancerIngress::getIp)
          .forEach(text -> add(text, found));
    }
    return found;
  }

  private static Set<InetAddress> of(EndpointSlice slice) {
    var found = new HashSet<InetAddress>();
    if (slice.getEndpoints() != null) {
      slice
          .getEndpoints()
          .forEach(endpoint -> endpoint.getAddresses().forEach(it -> add(it, found)));
    }
    return found;
  }

  /** A node's list holds host names too, and a headless Service has the address None. */
  private static void add(@Nullable String text, Set<InetAddress> to) {
    var address = text == null ? null : Literals.parse(text);
    if (address != null) {
      to.add(address);
    }
  }
}
