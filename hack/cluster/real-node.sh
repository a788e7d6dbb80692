# shellcheck shell=bash disable=SC2154 # the variables are those of `cluster`, which sources this
# A real node: containerd, kubelet, kube-proxy and CoreDNS in a network namespace of their own.

real_needs() {
  [ "$(uname)" = Linux ] && [ "$(id -u)" = 0 ] || lack "a real node needs Linux and root; 'cluster up fake' does not"
  command -v go >/dev/null || lack "a real node needs Go, for the image of its pods' pause"
  [ ${#name} -le 10 ] || die "CLUSTER_NAME '$name': at most 10 characters with a real node, whose network interface is named after it"
}

not_twice() { # after the sweep, which may have taken down the other
  local other
  other=$(ip -o -4 address show to 10.250.0.1/32 2>/dev/null | awk '{print $2}')
  [ -z "$other" ] || die "only one real node fits on a machine, and '${other%-host}' is up; CLUSTER_NAME=${other%-host} $here/cluster down"
}

real_node() {
  local sock=$state/containerd.sock
  mkdir -p "$state/cni" "$state/containerd"
  # Who asks the kubelet can verify it by the cluster's CA, as where kubelets get their certificates from the cluster.
  (cd "$state/pki" && certificate kubelet /O=system:nodes/CN=system:node:node-1 "IP:$advertise,DNS:node-1")
  cat >"$state/cni/10-bridge.conflist" <<CNI
{"cniVersion": "0.4.0", "name": "pods", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isGateway": true, "hairpinMode": true,
   "ipam": {"type": "host-local", "dataDir": "$state/ipam", "ranges": [[{"subnet": "10.244.0.0/24"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
CNI
  cat >"$state/containerd.toml" <<CONTAINERD
version = 2
root = "$state/containerd/root"
state = "$state/containerd/run"
[grpc]
  address = "$sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$state/cni"
CONTAINERD
  cat >"$state/kubelet.yaml" <<KUBELET
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
failCgroupV1: false
failSwapOn: false
cgroupDriver: cgroupfs
containerRuntimeEndpoint: unix://$sock
authentication: {x509: {clientCAFile: $state/pki/ca.crt}, webhook: {enabled: true}, anonymous: {enabled: false}}
authorization: {mode: Webhook}
clusterDomain: cluster.local
clusterDNS: [$advertise]
enforceNodeAllocatable: []
evictionHard: {memory.available: 100Mi}
volumeStatsAggPeriod: 5s
tlsCertFile: $state/pki/kubelet.crt
tlsPrivateKeyFile: $state/pki/kubelet.key
resolvConf: ""
KUBELET
  cat >"$state/Corefile" <<DNS
.:53 {
  bind $advertise
  errors
  kubernetes cluster.local in-addr.arpa {
    kubeconfig $KUBECONFIG
  }
  cache 5
}
DNS
  cat >"$state/proxy.yaml" <<PROXY
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
clientConnection: {kubeconfig: $KUBECONFIG}
mode: nftables
clusterCIDR: 10.244.0.0/16
hostnameOverride: node-1
conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
healthzBindAddress: ""
metricsBindAddress: ""
PROXY
  start containerd containerd -c "$state/containerd.toml"
  until_ok 20 containerd ctr -a "$sock" version
  "$here/image" "$here/pause.go" localhost/pause:1 "$state/pause.tar"
  load "$state/pause.tar"
  start kubelet kubelet --kubeconfig "$KUBECONFIG" --config "$state/kubelet.yaml" --hostname-override=node-1 \
    --node-ip="$advertise" --root-dir="$state/kubelet" --cert-dir="$state/pki/kubelet"
  start proxy kube-proxy --config "$state/proxy.yaml"
  start dns coredns -conf "$state/Corefile"
}

network() {
  command -v containerd >/dev/null && command -v nft >/dev/null && [ -x /usr/lib/cni/bridge ] && [ -x "$(command -v ip)" ] ||
    { apt-get update -q && apt-get install -qy containerd runc containernetworking-plugins nftables iproute2 conntrack; } >"$state/log/apt.log" 2>&1 ||
    die "could not install containerd; see $state/log/apt.log"
  touch "$state/netns.wanted" # so that `down` removes what an interruption leaves half made
  ip netns add "$netns"
  ip link add "$name-host" type veth peer name eth0 netns "$netns"
  ip addr add 10.250.0.1/30 dev "$name-host" && ip link set "$name-host" up
  ip -n "$netns" addr add 10.250.0.2/30 dev eth0
  ip -n "$netns" link set eth0 up && ip -n "$netns" link set lo up
  ip -n "$netns" route add default via 10.250.0.1
  ip route add 10.244.0.0/24 via 10.250.0.2 && ip route add 10.96.0.0/16 via 10.250.0.2
  nsenter --net=/var/run/netns/"$netns" sysctl -qw net.ipv4.ip_forward=1
  touch "$state/netns"
}

load() {
  local f
  for f in "$@"; do ctr -a "$state/containerd.sock" -n k8s.io images import "$f" >&2; done
}

stop_pods() {
  local t
  for t in $(ctr -a "$state/containerd.sock" -n k8s.io task ls -q 2>/dev/null); do
    ctr -a "$state/containerd.sock" -n k8s.io task rm -f "$t" >/dev/null 2>&1 || true
  done
}

forget_node() { # mounts and network
  local m n
  [ ! -r /proc/mounts ] || awk -v s="$state/" 'index($2, s) == 1 {print $2}' /proc/mounts | sort -r |
    while read -r m; do umount -l "$m" || true; done
  [ -f "$state/netns.wanted" ] || return 0
  ip link del "$name-host" 2>/dev/null || true
  for n in $(ip netns list | awk '/^cni-/ {print $1}'); do ip netns del "$n" 2>/dev/null || true; done
  ip netns del "$netns" 2>/dev/null || true
}
