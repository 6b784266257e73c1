import type { Artifact } from './artifact';
import type { LintContext } from './context';
import type { LintObject } from './lint-object';
import type { Severity } from './finding';

/** One thing that lint looks for. Everything about it is here, so that its page and its tests are made from it. */
export interface Rule {
  readonly code: string;
  /** What is right, in a few words, e.g. "GPU limits equal requests". */
  readonly title: string;
  /** Severity of its findings; a single finding may be lower where less is known. */
  readonly severity: Severity;
  /** Why it matters: what happens without it, and who says so. */
  readonly why: string;
  /** Manifests in which this rule, and no other, finds something. */
  readonly bad: string;
  /** The same without the fault: nothing is found. */
  readonly good: string;
  /** What has to be so beside the manifests, in words. @default - nothing */
  readonly given?: string;
  /** What lies at the addresses of the examples. @default - nothing that is known */
  readonly artifacts?: ReadonlyMap<string, Artifact>;
  /** Group versions that the examples' cluster serves. @default - all that matter */
  readonly apis?: readonly string[];
  /** Finds it; absent for faults that the reader of files meets before there are objects. */
  readonly check?: (context: LintContext) => Iterable<Hit>;
}

/** One finding, before it is bound to its rule. */
export interface Hit {
  readonly on: LintObject;
  readonly path: string;
  readonly message: string;
  readonly hint?: string | undefined;
  /** @default - the rule's */
  readonly severity?: Severity;
  /** What it is about: hits of a rule about one thing are one finding, at the first place where the rule is not switched off. @default - each is a finding */
  readonly about?: string;
}
