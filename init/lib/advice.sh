# Why the node isn't Ready, and what a person can do about it: lines of the status. For the service status.
#   reads   /run/kubesolo-os/engine.exit and engine.since, the log's last lines

# The engine's last word of a kind, without its name in front: `last_word 'engine: still starting: '`.
last_word() {
  tail -n 200 "$LOG" 2>/dev/null | sed -n "s/^kubesolo: $1//p" | tail -n 1
}

# advise STATE [WHY]: lines "why" and "do", or nothing; WHY is what the engine says when it is asked.
advise() {
  why=$2
  do=
  case $1 in
    waiting)
      code=$(cat "$STATE/engine.exit" 2>/dev/null)
      why=$(last_word '')
      case $code in
        78)
          # It says both: WHAT; HINT.
          problem=$(last_word 'preflight: problem: ')
          [ -z "$problem" ] || { why=${problem%%; *} do=${problem#*; }; }
          ;;
        64) do="mend config and flags below kubesolo in the node's configuration" ;;
        65) do="the database is damaged: docs/engine-failures.md says what can be saved" ;;
      esac
      ;;
    starting)
      # Nobody worries in the first two minutes.
      [ $(($(uptime_seconds) - $(cat "$STATE/engine.since" 2>/dev/null || echo 0))) -ge 120 ] || return 0
      # Each part that waits says for whom: the first one counts.
      why=$(last_word 'engine: still starting: ')
      why=${why%%; *}
      ;;
  esac
  [ -n "$why" ] || return 0
  [ -n "$do" ] || do=$(advice_for "$why")
  echo "  why        $why"
  echo "  do         $do"
}

advice_for() {
  case $1 in
    *"disk is full"* | *"no space left"*) echo "make room: delete images, volumes or pods that aren't needed" ;;
    *"IPv4 address"* | *"no network"*) echo "plug a cable in, or configure the network" ;;
    *"clock"* | *"certificate has expired"*) echo "set the clock: ntp in the node's configuration, or the firmware's setup" ;;
    *"read-only"* | *"input/output error"*) echo "the disk has failed, or is about to: replace it" ;;
    *"memory"*) echo "the machine has too little memory for what runs: remove pods, or add memory" ;;
    *) echo "wait some minutes, then restart; /var/log/kubesolo.log has the whole story" ;;
  esac
}
