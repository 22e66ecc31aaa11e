# Our words on the kernel command line: taken once by allow-list, and then asked for. docs/boot.md has each for people.

newline='
'

# read_cmdline: takes what init knows from the kernel command line, one KEY or KEY=VALUE a line; the rest is for others.
read_cmdline() {
  mkdir -p "$STATE"
  split_words <"$ROOT/proc/cmdline" | while read -r word; do
    case $word in
      kubesolo.root=* | kubesolo.slot=[AB] | kubesolo.verity=* | kubesolo.version=* | kubesolo.esp=empty) echo "$word" ;;
      kubesolo.data=* | kubesolo.flags=* | kubesolo.cloudinit=*) echo "$word" ;;
      kubesolo.generation=* | kubesolo.trial) echo "$word" ;;
      kubesolo.reason=state-lost | kubesolo.reason=slot-damaged) echo "$word" ;;
      kubesolo.reason=tries-exhausted | kubesolo.reason=chosen) echo "$word" ;;
      kubesolo.debug | kubesolo.shell | kubesolo.rescue | kubesolo.nopersist | kubesolo.toram) echo "$word" ;;
      kubesolo.reset | kubesolo.reset=keep-identity) echo "$word" ;;
      kubesolo.network_limit=* | kubesolo.fault=*) echo "$word" ;;
      kubesolo.install) echo "$word" ;;
      kubesolo.zram | kubesolo.zram=* | ip=* | quiet) echo "$word" ;;
      kubesolo.*) say "unknown on the kernel command line: $word" ;;
    esac
  done >"$STATE/cmdline"
  words=
  recall_words # here, so that subshells have them
}

# split_words: a word a line, as the kernel has them (lib/cmdline.c): only double quotes keep a space, and one that nobody closes
# goes to the end. Neither an apostrophe nor a backslash of the owner's may cost the words behind it.
split_words() {
  awk '{
    for (i = 1; i <= length($0); i++) {
      letter = substr($0, i, 1)
      if (letter == "\"") quoted = !quoted
      else if (letter ~ /[ \t]/ && !quoted) { if (word != "") print word; word = "" }
      else word = word letter
    }
    if (word != "") print word
  }'
}

# cmdline KEY DEFAULT: the value of KEY= on the kernel command line, as 10-parse-cmdline took it; the last one counts.
cmdline() {
  recall_words
  value_in "$words" "$1"
  echo "${value:-$2}"
}

# has_flag KEY: whether the word KEY stands on the kernel command line.
has_flag() {
  recall_words
  case $words in *"$newline$1$newline"*) ;; *) return 1 ;; esac
}

# value_in TEXT KEY: sets value to what follows KEY= in the last line of TEXT that begins so. TEXT begins with a newline.
value_in() {
  value=${1##*"$newline$2="}
  [ "$value" != "$1" ] || value=
  value=${value%%"$newline"*}
}

# recall_words: reads them once, a word between two newlines; they are asked for often.
recall_words() {
  [ -n "$words" ] || words=$newline$(cat "$STATE/cmdline" 2>/dev/null)$newline
}
