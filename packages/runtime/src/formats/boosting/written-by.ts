import type { FormatDetails } from '../../inspect/format-details';

/** Where the writers of the three libraries put their version: the first or the last part of the file. */
const PART = 64 * 1024;

/** Details of a booster's file: the version that a pattern's groups find in it. */
export function writtenBy(library: string, pattern: RegExp): (bytes: Buffer) => FormatDetails {
  return (bytes) => {
    const ends = `${bytes.toString('latin1', 0, PART)}\n${bytes.toString('latin1', Math.max(PART, bytes.length - PART))}`;
    const groups = pattern.exec(ends)?.slice(1);
    return groups ? { writtenBy: { [library]: groups.join('.') } } : {};
  };
}
