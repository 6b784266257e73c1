/** A small generator with a seed, so that a failure can be run again. */
export function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** A copy with up to three bytes changed; every other attempt hits the first tenth, where headers and lengths are. */
export function changeBytes(bytes: Buffer, attempt: number, random: (below: number) => number): Buffer {
  const damaged = Buffer.from(bytes);
  const reach = attempt % 2 === 0 ? damaged.length : Math.ceil(damaged.length / 10);
  for (let hits = random(3); hits >= 0; hits--) damaged[random(reach)] = random(256);
  return damaged;
}

/** A copy with one bit changed. */
export function flipBit(bytes: Buffer, random: (below: number) => number): Buffer {
  const damaged = Buffer.from(bytes);
  const at = random(damaged.length);
  damaged[at] = (damaged[at] as number) ^ (1 << random(8));
  return damaged;
}

/** A copy with a piece of it over another place. */
export function copyPiece(bytes: Buffer, random: (below: number) => number): Buffer {
  const damaged = Buffer.from(bytes);
  const from = random(bytes.length);
  bytes.copy(damaged, random(bytes.length), from, from + random(40));
  return damaged;
}

/** A copy in which one decimal digit is another, which keeps text formats well-formed. */
export function changeDigit(bytes: Buffer, random: (below: number) => number): Buffer {
  const damaged = Buffer.from(bytes);
  let at = random(damaged.length);
  for (let tries = 0; tries < damaged.length && !isDigit(damaged[at]); tries++) at = (at + 1) % damaged.length;
  if (isDigit(damaged[at])) damaged[at] = 0x30 + random(10);
  return damaged;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}
