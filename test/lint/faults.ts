import { isDeepStrictEqual } from 'node:util';
import { parseAllDocuments, stringify } from 'yaml';
import { fieldFaults } from './faults/fields';
import { gpuFaults } from './faults/gpu';
import { gpuServerFaults } from './faults/gpu-servers';
import { graphFaults } from './faults/graphs';
import { metadataFaults } from './faults/metadata';
import { modelFaults } from './faults/models';
import { podFaults } from './faults/pods';
import { referenceFaults } from './faults/references';
import { rolloutFaults } from './faults/rollouts';
import { scalerFaults } from './faults/scalers';
import { textFaults } from './faults/texts';
import { valueFaults } from './faults/values';
import { Random } from './random';
import type { Doc } from './sites';

/** Puts one fault into objects that are right; gives what was done, or undefined where it finds no place. */
export type ObjectFault = (docs: Doc[], random: Random) => string | undefined;
/** The same for a text; a comment is a fault that changes no object. */
export type TextFault = (text: string, random: Random) => { readonly text: string; readonly what: string; readonly comment?: boolean } | undefined;

export interface Fault {
  readonly kind: string;
  /** The manifests it was put into. */
  readonly base: string;
  readonly what: string;
  readonly text: string;
}

export interface Base {
  readonly name: string;
  readonly docs: readonly Doc[];
}

const OBJECT_FAULTS: Readonly<Record<string, ObjectFault>> = {
  ...fieldFaults, ...valueFaults, ...metadataFaults, ...podFaults, ...referenceFaults, ...graphFaults, ...gpuFaults,
  ...gpuServerFaults, ...rolloutFaults, ...scalerFaults, ...modelFaults,
};

/** The kinds of faults there are. */
export const FAULT_KINDS: readonly string[] = [...Object.keys(OBJECT_FAULTS), ...Object.keys(textFaults)];

/**
 * Faults as people make them, each in a copy of one base: every kind in turn, in random places of random bases. The same
 * seed gives the same faults.
 */
export function seedFaults(bases: readonly Base[], count: number, seed: number): readonly Fault[] {
  const random = new Random(seed);
  const faults: Fault[] = [];
  for (let round = 0; faults.length < count; round++) {
    if (round > count) throw new Error(`only ${faults.length} faults of ${count} found a place`);
    for (const kind of random.shuffled(FAULT_KINDS)) {
      const fault = seedFault(kind, random.shuffled(bases), random);
      if (fault && faults.length < count) faults.push(fault);
    }
  }
  return faults;
}

/** One fault of a kind, in the first base that has a place for it; undefined where none has. */
export function seedFault(kind: string, bases: readonly Base[], random: Random): Fault | undefined {
  for (const { name, docs } of bases) {
    const inObjects = OBJECT_FAULTS[kind];
    if (inObjects) {
      const copy = structuredClone(docs) as Doc[];
      const what = inObjects(copy, random);
      if (what !== undefined) return { kind, base: name, what, text: textOf(copy) };
    }
    const done = textFaults[kind]?.(textOf(docs), random);
    // A deeper indentation, say, may well mean the same.
    if (done && (done.comment || !meansTheSame(done.text, docs))) return { kind, base: name, what: done.what, text: done.text };
  }
  return undefined;
}

function meansTheSame(text: string, docs: readonly Doc[]): boolean {
  const parsed = parseAllDocuments(text, { version: '1.1' });
  return Array.isArray(parsed) && parsed.every((d) => d.errors.length === 0) && isDeepStrictEqual(parsed.map((d): unknown => d.toJS()), [...docs]);
}

export function textOf(docs: readonly Doc[]): string {
  return docs.map((d) => stringify(d, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false })).join('---\n');
}
