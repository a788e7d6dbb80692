# shellcheck shell=bash disable=SC2154 # the variables are those of `cluster`, which sources this
# Getting the programs: the official binaries where there are any and the internet is there, else compiled with Go.

fake_programs='etcd kube-apiserver kube-controller-manager kube-scheduler kubectl kwok'
real_programs="$fake_programs kubelet kube-proxy coredns helm"

missing() { # PROGRAM...
  local p
  for p in "$@"; do [ -x "$bin/$p" ] || echo "$p"; done
}

build() { # fake|real
  local programs=$fake_programs
  [ "$1" = fake ] || programs=$real_programs
  # shellcheck disable=SC2086 # a list of words
  [ -n "$(missing $programs)" ] || return 0
  mkdir -p "$bin"
  lock
  trap unlock EXIT
  trap 'exit 130' INT TERM HUP
  # shellcheck disable=SC2046,SC2086
  download $(missing $programs)
  # shellcheck disable=SC2046,SC2086
  compile $(missing $programs)
  unlock
  trap - EXIT INT TERM HUP
}

# Two builds at once would take twice as long each, and write the same files.
lock() {
  local said=
  until mkdir "$bin/.lock" 2>/dev/null; do
    if ! alive "$(cat "$bin/.lock/pid" 2>/dev/null || echo $$)"; then
      rm -rf "$bin/.lock" # its owner was killed
      continue
    fi
    [ -n "$said" ] || say "waiting for another build of the same programs"
    said=yes
    sleep 1
  done
  echo $$ >"$bin/.lock/pid"
}

unlock() { rm -rf "$bin/.lock" "$bin/.download"; }

# --- official binaries ---------------------------------------------------------------------------

# Versions are pinned in the go.mod files. Each file is compared with the SHA-256 that its project publishes beside it,
# over https; kwok publishes none, there https is all. (No checksums are written down here: nobody has verified any.)
url() { # PROGRAM; prints the address, and that of its checksum where there is one
  local k8s=https://dl.k8s.io/release/$version/bin/linux/$arch github=https://github.com v
  case $1 in
    kube*) echo "$k8s/$1 $k8s/$1.sha256" ;;
    etcd)
      v=$(pinned kubernetes go.etcd.io/etcd/server/v3)
      echo "$github/etcd-io/etcd/releases/download/$v/etcd-$v-linux-$arch.tar.gz $github/etcd-io/etcd/releases/download/$v/SHA256SUMS" ;;
    kwok) echo "$github/kubernetes-sigs/kwok/releases/download/$(pinned tools sigs.k8s.io/kwok)/kwok-linux-$arch" ;;
    helm)
      v=$(pinned tools helm.sh/helm/v4)
      echo "https://get.helm.sh/helm-$v-linux-$arch.tar.gz https://get.helm.sh/helm-$v-linux-$arch.tar.gz.sha256sum" ;;
    coredns)
      v=$(pinned tools github.com/coredns/coredns)
      v="$github/coredns/coredns/releases/download/$v/coredns_${v#v}_linux_$arch.tgz"
      echo "$v $v.sha256" ;;
  esac
}

fetch() { # URL FILE; the reason for a failure is its output
  curl -fsSL --proto '=https' --connect-timeout 4 --speed-limit 10000 --speed-time 20 -o "$2" "$1" 2>&1
}

sha256() { if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1; }

download() { # PROGRAM...; what cannot be had is left to `compile`
  local arch p from sums why expected work=$bin/.download
  [ "${CLUSTER_DOWNLOAD:-yes}" != no ] && [ "$(uname -s)" = Linux ] && command -v curl >/dev/null || return 0
  case $(uname -m) in x86_64) arch=amd64 ;; aarch64 | arm64) arch=arm64 ;; *) return 0 ;; esac
  for p in "$@"; do
    rm -rf "$work" && mkdir -p "$work"
    read -r from sums <<<"$(url "$p")"
    if ! why=$(fetch "$from" "$work/file") || { [ -n "$sums" ] && ! why=$(fetch "$sums" "$work/sums"); }; then
      say "cannot download the official $p (${why#curl: }); compiling instead"
      case $from in https://dl.k8s.io/*) return 0 ;; *) continue ;; esac
    fi
    if [ -n "$sums" ]; then
      # A file with nothing but the sum, or lines of sum and name.
      expected=$(awk -v n="$(basename "$from")" 'NF == 1 || $2 == n || $2 == "*" n {print $1; exit}' "$work/sums")
      [ "$expected" = "$(sha256 "$work/file")" ] || die "$from is not what $sums says: expected $expected, got $(sha256 "$work/file")"
    fi
    case $from in
      *.tar.gz | *.tgz)
        tar -xzf "$work/file" -C "$work"
        find "$work" -type f -name "$p" -exec mv {} "$work/file" \; ;;
    esac
    chmod +x "$work/file"
    mv "$work/file" "$bin/$p"
    say "downloaded $p"
  done
}

# --- compiling -----------------------------------------------------------------------------------

# MODULE-DIR PACKAGE MINUTES (on two cores with nothing cached)
source_of() {
  case $1 in
    etcd) echo kubernetes go.etcd.io/etcd/server/v3 1 ;;
    kube-apiserver) echo kubernetes k8s.io/kubernetes/cmd/kube-apiserver 4 ;;
    kube*) echo kubernetes "k8s.io/kubernetes/cmd/$1" 1 ;;
    kwok) echo tools sigs.k8s.io/kwok/cmd/kwok 2 ;;
    coredns) echo tools github.com/coredns/coredns 2 ;;
    helm) echo tools helm.sh/helm/v4/cmd/helm 1 ;;
  esac
}

scaled() { # MINUTES on two cores; at least 1
  local cores
  cores=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
  echo $((($1 * 2 + cores - 1) / cores))
}

compile() { # PROGRAM...
  local p module package minutes all=0 i=0 minor flags go_version
  [ $# -gt 0 ] || return 0
  go_version=$(GOTOOLCHAIN=local go env GOVERSION 2>/dev/null) ||
    lack "the official binaries cannot be downloaded and Go is not there to compile them: needs the internet, or Go 1.26 or newer (https://go.dev/dl)"
  # Go since 1.21 fetches the newer one that go.mod asks for by itself.
  [[ $go_version =~ ^go1\.(2[1-9]|[3-9][0-9]) ]] ||
    lack "$go_version is too old to compile Kubernetes $version: needs Go 1.26 or newer (https://go.dev/dl)"
  for p in "$@"; do
    read -r module package minutes <<<"$(source_of "$p")"
    all=$((all + minutes))
  done
  say "compiling Kubernetes $version, once; about $(scaled "$all") min"
  minor=$(cut -d. -f2 <<<"$version")
  flags="-s -w -X k8s.io/component-base/version.gitVersion=$version"
  flags+=" -X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=$minor"
  for p in "$@"; do
    i=$((i + 1))
    read -r module package minutes <<<"$(source_of "$p")"
    say "compiling $p ($i of $#, about $(scaled "$minutes") min)"
    (cd "$here/$module" && CGO_ENABLED=0 go build -trimpath -ldflags="$flags" -o "$bin/.$p" "$package")
    mv "$bin/.$p" "$bin/$p"
  done
}
