# shellcheck shell=bash disable=SC2154 # the variables are those of `cluster`, which sources this
# Starting and stopping processes, each known by its pid file and by the state directory in its command line.

start() { # NAME COMMAND...; on a real node, inside its network namespace
  local n=$1 enter=()
  shift
  [ -f "$state/netns" ] && enter=(nsenter "--net=/var/run/netns/$netns")
  # Job control gives it a process group of its own: Ctrl-C in the terminal is for us, who then stop it in order.
  set -m
  ${enter[@]+"${enter[@]}"} "$@" >"$state/log/$n.log" 2>&1 </dev/null &
  echo $! >"$state/pid/$n"
  disown # or bash reports its end
  set +m
}

command_line() { # PROCESS-ID
  { if [ -d /proc/self ]; then tr '\0' ' ' <"/proc/$1/cmdline"; else ps -ww -o args= -p "$1"; fi } 2>/dev/null
}

alive() { # PROCESS-ID; one that has ended but whose parent has not noticed has no command line any more
  [ -n "$(command_line "$1")" ]
}

running() { # NAME; prints its process id if it is alive and ours: a number left by an earlier boot may be anybody's
  local p
  p=$(cat "$state/pid/$1" 2>/dev/null) && command_line "$p" | grep -qF "$state/" && echo "$p"
}

stop() { # NAME
  local p
  p=$(running "$1") || return 0
  case $1 in
    # Their state is forgotten anyway, and a graceful end takes them seconds.
    etcd | apiserver | controllers | scheduler | kwok) kill -9 "$p" 2>/dev/null || true ;;
    *) kill "$p" 2>/dev/null || true ;;
  esac
  for _ in $(seq 50); do alive "$p" || return 0; sleep 0.1; done
  kill -9 "$p" 2>/dev/null || true
}

stop_strays() { # started by an `up` that was killed before it could write down the number
  local f
  for f in /proc/[0-9]*; do
    case $(readlink "$f/exe" 2>/dev/null) in
      "$bin/kubectl") ;;
      "$bin"/*) ! command_line "${f#/proc/}" | grep -qF "$state/" || kill -9 "${f#/proc/}" 2>/dev/null || true ;;
    esac
  done
}

until_ok() { # SECONDS PROGRAM COMMAND...
  local end=$((SECONDS + $1)) program=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    if [ $SECONDS -ge $end ] || ! alive "$(cat "$state/pid/$program")"; then
      tail -n 3 "$state/log/$program.log" >&2 || true
      die "$program did not come up; its log is $home/failed/$name/$program.log"
    fi
    sleep 0.2
  done
}
