/** How many of the sizes add up to no more than `most`, from the first on, but at least one. */
export function fitting(sizes: readonly number[], most: number): number {
  let sum = 0;
  const tooMany = sizes.findIndex((size) => (sum += size) > most);
  return tooMany === -1 ? sizes.length : Math.max(1, tooMany);
}
