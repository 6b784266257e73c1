/** Texts of the rules' examples: a rule writes only the part that matters, the page and the tests get whole manifests. */

const MARGIN = /^\n|\n[ \t]*$/g;

/** A template literal without the indentation that its place in the code gave it. */
export function dedent(text: string): string {
  const lines = text.replace(MARGIN, '').split('\n');
  const margin = Math.min(...lines.filter((l) => l.trim() !== '').map((l) => l.length - l.trimStart().length));
  return `${lines.map((l) => l.slice(margin)).join('\n')}\n`;
}

function indent(text: string, by: string): string {
  return dedent(text).replace(/^(?=.)/gm, by);
}

interface Head {
  readonly name?: string;
  readonly namespace?: string;
  /** Lines below `annotations:`. */
  readonly annotations?: string;
  readonly labels?: string;
}

/** An InferenceService around the lines of its spec. */
export function service(spec: string, head: Head = {}): string {
  return object('serving.kserve.io/v1beta1', 'InferenceService', spec, { name: 'iris', ...head });
}

/** A service that nothing is wrong with. */
export const IRIS = service(`
  predictor:
    model:
      modelFormat: { name: sklearn }
      storageUri: s3://models/iris
`);

/** An InferenceService in raw mode. */
export function rawService(spec: string, head: Head = {}): string {
  return service(spec, { ...head, annotations: `serving.kserve.io/deploymentMode: RawDeployment\n${head.annotations ? dedent(head.annotations) : ''}` });
}

/** A ServingRuntime of the namespace of `service`. */
export function runtime(spec: string, head: Head = {}): string {
  return object('serving.kserve.io/v1alpha1', 'ServingRuntime', spec, { name: 'team-runtime', ...head });
}

/** An InferenceGraph around the lines of its nodes. */
export function graph(nodes: string, beside = ''): string {
  return object('serving.kserve.io/v1alpha1', 'InferenceGraph', `${beside ? dedent(beside) : ''}nodes:\n${indent(nodes, '  ')}`, { name: 'fraud' });
}

/** Any object around the lines of its spec. */
export function object(apiVersion: string, kind: string, spec: string, head: Head & { readonly name: string }): string {
  return `${header(apiVersion, kind, head)}spec:\n${indent(spec, '  ')}`;
}

/** Any object around lines that stand beside its metadata. */
export function plainObject(apiVersion: string, kind: string, rest: string, head: Head & { readonly name: string }): string {
  return `${header(apiVersion, kind, head)}${rest ? dedent(rest) : ''}`;
}

function header(apiVersion: string, kind: string, { name, namespace = 'models', annotations, labels }: Head & { readonly name: string }): string {
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n${namespace ? `  namespace: ${namespace}\n` : ''}`
    + `${labels ? `  labels:\n${indent(labels, '    ')}` : ''}${annotations ? `  annotations:\n${indent(annotations, '    ')}` : ''}`;
}

/** Several manifests in one file. */
export function documents(...texts: readonly string[]): string {
  return texts.join('---\n');
}

interface GpuServiceOptions {
  /** Lines of the predictor. */
  readonly predictor?: string;
  readonly annotations?: string;
  readonly limits?: string;
  /** Lines beside the limits. */
  readonly resources?: string;
  readonly image?: string;
  readonly tolerate?: boolean;
}

/** A custom server in raw mode that asks for accelerators as it should, around further lines of its container. */
export function gpuService(container: string, options: GpuServiceOptions = {}): string {
  const { predictor = '', annotations, limits = 'nvidia.com/gpu: 1\nmemory: 16Gi', resources = '', image = 'server:1.4', tolerate = true } = options;
  const spec = `predictor:\n${tolerate ? '  tolerations: [{ key: nvidia.com/gpu, operator: Exists, effect: NoSchedule }]\n' : ''}  deploymentStrategy: { type: Recreate }\n${predictor ? indent(predictor, '  ') : ''}`
    + `  containers:\n    - name: kserve-container\n      image: registry.example.com/${image}\n${container ? indent(container, '      ') : ''}`
    + `      resources:\n${resources ? indent(resources, '        ') : ''}        limits:\n${indent(limits, '          ')}`;
  return rawService(spec, { name: 'classifier', ...(annotations ? { annotations } : {}) });
}
