# Updates without being told, where the node's configuration says so: the agent knows the hours.

# own_minute: of each quarter of an hour. Machines that were switched on together don't ask together.
own_minute() {
  read -r id <"$ROOT/run/machine-id" || id=0000
  echo $((0x${id#"${id%????}"} % 15))
}

# Apart from the caller: an update takes minutes.
update_if_wanted() {
  grep -q '"auto": true' "$ROOT/etc/kubesolo/updates.json" 2>/dev/null || return 0
  agent update --scheduled 2>&1 | tell_log &
}
