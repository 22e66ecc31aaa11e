# How long to wait before the engine is started again. Pure.

# pause_after FAILURES CODE: prints seconds: 5 at first, twice as many each time that it fails in a row, 300 at most.
# What only a person can mend (docs/engine-failures.md) need not be tried so often.
pause_after() {
  pause=5
  left=$1
  case $2 in 64 | 65 | 78) pause=60 ;; esac
  while [ "$left" -gt 0 ] && [ "$pause" -lt 300 ]; do
    pause=$((pause * 2)) left=$((left - 1))
  done
  [ "$pause" -le 300 ] || pause=300
  echo "$pause"
}
