# What a boot does for updates before anything uses the data.

# prepare_for_system: when another system than this one wrote the data last, the agent keeps a copy of what it left, or brings
# back what this one left.
prepare_for_system() {
  slot=$(cmdline kubesolo.slot)
  is_mounted /etc/kubesolo && return
  # No update was ever activated here.
  [ -n "$slot" ] && [ -e "$ROOT/data/update/writer.json" ] || return 0
  grep "^{\"slot\":\"$slot\",\"version\":\"$(cmdline kubesolo.version)\"," "$ROOT/data/update/writer.json" |
    grep -qvF '"isKept":true' && return
  : >"$STATE/other-system"
  agent trial prepare || say "cannot look after the cluster's state; going on with what is there"
}
