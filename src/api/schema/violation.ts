/** One departure of a value from its schema, before anybody has put it into words. */
export type Violation = { readonly path: string; readonly value: unknown } & (
  | { readonly rule: 'unknown-field'; readonly field: string; readonly known: readonly string[] }
  | { readonly rule: 'type'; readonly expected: string }
  | { readonly rule: 'required' }
  | { readonly rule: 'enum'; readonly allowed: readonly unknown[] }
  | { readonly rule: 'pattern'; readonly pattern: string }
  | { readonly rule: 'format'; readonly format: string }
  | { readonly rule: 'duplicate'; readonly keys: readonly string[] }
  | { readonly rule: BoundRule; readonly limit: number }
  | { readonly rule: CombinationRule; readonly matched: number }
);

/** Rules with one number in them. */
export type BoundRule =
  | 'minimum' | 'maximum' | 'exclusiveMinimum' | 'exclusiveMaximum' | 'multipleOf'
  | 'minLength' | 'maxLength' | 'minItems' | 'maxItems' | 'minProperties' | 'maxProperties';

export type CombinationRule = 'allOf' | 'anyOf' | 'oneOf' | 'not';
