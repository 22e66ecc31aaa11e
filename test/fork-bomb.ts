/** A shell's script for a pod that is ready, and forks without end, in each of its processes. */
export const forkBomb = "b() { while :; do b & done; }; (b 2>/dev/null &); exec sleep 600";
