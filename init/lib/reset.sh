# Forgets what this machine knows: everything, or everything but who it is. docs/boot.md has it for people.
#   reads   kubesolo.reset, kubesolo.reset=keep-identity; /data/reset-requested: "all" or "keep-identity", of the agent
#   leaves  the data partition empty, but for what is kept

# In etc-kubesolo: who this machine is to others, and the configuration that says so.
IDENTITY="machine-id ssh-host-key hostname cloud-init.yaml cloud-init.json network*"

# reset_if_asked: before anything of the data partition is in use. The request stays until all is gone and on the disk:
# whatever interrupts it, the next boot goes on.
reset_if_asked() {
  request=$ROOT/data/reset-requested
  # When the stage runs a second time, programs use these files already.
  is_mounted /etc/kubesolo && return
  request_reset
  [ -e "$request" ] || return 0
  kind=$(cat "$request")
  case $kind in
    all) say "reset: deleting all state" ;;
    keep-identity) say "reset: deleting all state but the machine's identity" ;;
    *)
      say "not a request to reset: \"$kind\" of ${request#"$ROOT"}"
      rm -f "$request"
      return
      ;;
  esac
  forget "$kind" || { say "reset: not everything could be deleted; the next boot tries again" && return; }
  sync
  fault_point reset-done
  rm -f "$request"
  sync
  say "reset: done"
}

# Turns the command line's word into a request on the disk. A request to delete all isn't weakened to keep-identity.
request_reset() {
  if has_flag kubesolo.reset; then
    wanted=all
  elif [ "$(cmdline kubesolo.reset)" = keep-identity ] && [ "$(cat "$request" 2>/dev/null)" != all ]; then
    wanted=keep-identity
  else
    return
  fi
  echo "$wanted" >"$request.new"
  sync
  mv "$request.new" "$request"
  sync
}

# forget all | keep-identity
forget() {
  failed=
  for path in "$ROOT"/data/* "$ROOT"/data/.[!.]*; do
    case ${path##*/} in
      reset-requested | lost+found) ;;
      update) forget_copies "$path" || failed=yes ;;
      etc-kubesolo) forget_configuration "$path" "$1" || failed=yes ;;
      *) rm -rf "$path" || failed=yes ;;
    esac
    fault_point reset-begun
  done
  [ -z "$failed" ]
}

# What failed here fails again, and a key that doesn't count any more is a thief's: both are kept. Copies of the cluster's state
# have its secrets.
forget_copies() { # FOLDER
  for path in "$1"/* "$1"/.[!.]*; do
    case ${path##*/} in
      books.json | keys) ;;
      *) rm -rf "$path" || return ;;
    esac
  done
}

forget_configuration() { # FOLDER KIND
  for path in "$1"/* "$1"/.[!.]*; do
    if [ "$2" = keep-identity ] && is_identity "${path##*/}"; then continue; fi
    rm -rf "$path" || return
  done
}

is_identity() {
  set -f # patterns, none for files of this folder
  for kept in $IDENTITY; do
    # shellcheck disable=SC2254  # a pattern
    case $1 in $kept) set +f && return ;; esac
  done
  set +f
  return 1
}
