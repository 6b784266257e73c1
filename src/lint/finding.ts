/** How much a finding matters: an error does not work, a warning probably not as meant, an info is worth knowing. */
export const SEVERITIES = ['error', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Something that a rule found, at a field of one of the inputs. */
export interface Finding {
  /** Code of the rule, `ISVC_<AREA>_<WHAT>`: the catalogue's where validation or render found it, `ISVC_LINT_<WHAT>` else. */
  readonly code: string;
  readonly severity: Severity;
  /** Index of the input that it is about. */
  readonly input: number;
  /** The object, as `Kind namespace/name`. */
  readonly subject: string;
  /** Field path from the object's root, e.g. `spec.predictor.model.storageUri`. */
  readonly path: string;
  /** What is wrong, with the value given and the values allowed; no final stop. */
  readonly message: string;
  /** The fix, when there is one to name. */
  readonly hint?: string;
  /** Page of the rule, from the repository's root. */
  readonly doc: string;
}

/** Page of a rule, from the repository's root. */
export function docPage(code: string): string {
  return `docs/reference/lint/${code.toLowerCase().replaceAll('_', '-')}.md`;
}
