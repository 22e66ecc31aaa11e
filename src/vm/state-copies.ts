/** Bytes of a boot partition's content where the copies of the state of the boot begin. */
export function findStateCopiesIn(partition: Buffer): number[] {
  const sectorBytes = 512;
  const found: number[] = [];
  const head = "# GRUB Environment Block\ngeneration=";
  for (let place = partition.indexOf(head); place >= 0; place = partition.indexOf(head, place + 1))
    if (place % sectorBytes === 0) found.push(place);
  return found;
}
