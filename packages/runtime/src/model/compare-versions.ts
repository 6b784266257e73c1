/**
 * Orders versions of a model as MLServer does: no version is the highest, whole numbers go by value, anything else as text,
 * and below numbers.
 *
 * @returns less than 0 where `a` is the lower one.
 */
export function compareVersions(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  const [x, y] = [wholeNumber(a), wholeNumber(b)];
  if (x !== undefined && y !== undefined && x !== y) return x < y ? -1 : 1;
  if (x === undefined && y !== undefined) return -1;
  if (x !== undefined && y === undefined) return 1;
  return a < b ? -1 : 1;
}

function wholeNumber(version: string): bigint | undefined {
  return /^\d{1,30}$/.test(version) ? BigInt(version) : undefined;
}
