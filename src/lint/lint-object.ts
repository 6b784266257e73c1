import { isJsonObject, objectKey, type KubeObject, type Problem } from '../api';
import { metadataProblems, objectProblems, unusable } from './object-problems';

/** One manifest to look at. */
export interface LintInput {
  readonly object: KubeObject;
  /** Whether its author switched a rule off for a field, e.g. by a comment in the file. */
  readonly isDisabled?: (code: string, path: string) => boolean;
  /** Where a field stands, for messages about another object, e.g. `models/iris.yaml:4`. */
  readonly placeOf?: (path: string) => string;
}

/** A manifest among the others. */
export interface LintObject {
  /** Index among the inputs; -1 for what the world adds. */
  readonly index: number;
  readonly object: KubeObject;
  readonly namespace: string;
  /** `Kind namespace/name`. */
  readonly subject: string;
  readonly problems: readonly Problem[];
  /** Its shape is what its kind says, so that fields may be read by their types. */
  readonly usable: boolean;
  /** Where a field stands, in words. */
  placeOf(path: string): string;
}

/** Looks at one manifest alone. */
export function lintObject(input: LintInput, index: number): LintObject {
  const { placeOf } = input;
  const aboutMetadata = metadataProblems(input.object);
  const object = aboutMetadata.length === 0 ? input.object : withTextMetadata(input.object);
  const problems = [...aboutMetadata, ...objectProblems(object)];
  const namespace = typeof object.metadata.namespace === 'string' ? object.metadata.namespace : 'default';
  const subject = `${object.kind} ${objectKey({ name: object.metadata.name, namespace: isJsonObject(object.metadata) ? object.metadata.namespace : undefined })}`;
  return { index, object, namespace, subject, problems, usable: !unusable(object, problems.slice(aboutMetadata.length)), placeOf: placeOf ?? (() => subject) };
}

/** Metadata with texts where texts belong, so that one bare `true` in an annotation does not hide every other fault. */
function withTextMetadata(object: KubeObject): KubeObject {
  const { name, namespace, labels, annotations } = object.metadata as unknown as Readonly<Record<string, unknown>>;
  const texts = (value: unknown): Readonly<Record<string, string>> => (isJsonObject(value) ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, String(v)])) : {});
  return {
    ...object,
    metadata: { name: String(name), ...(typeof namespace === 'string' ? { namespace } : {}), labels: texts(labels), annotations: texts(annotations) },
  };
}
