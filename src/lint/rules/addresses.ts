import { isRuntime } from '../../render';
import type { LintContext } from '../context';
import type { LintObject } from '../lint-object';
import { documents, runtime, service } from '../example';
import type { Hit, Rule } from '../rule';

/** Every model address with its place. */
function addresses({ services }: LintContext): readonly { readonly on: LintObject; readonly path: string; readonly uri: string }[] {
  return services.flatMap(({ on, service: { spec }, components, models }) => {
    const own = models.flatMap(({ model, path }) => (model.storageUri === undefined ? [] : [{ on, path: `${path}.storageUri`, uri: model.storageUri }]));
    const several = components.flatMap(({ role, path }) => (spec[role]?.storageUris ?? []).map((source, i) => ({ on, path: `${path}.storageUris[${i}].uri`, uri: source.uri })));
    const art = spec.explainer?.art?.storageUri;
    return [...own, ...several, ...(art === undefined ? [] : [{ on, path: 'spec.explainer.art.storageUri', uri: art }])];
  });
}

function* malformed(context: LintContext): Generator<Hit> {
  for (const { on, path, uri } of addresses(context)) {
    const [, scheme, slashes = ''] = /^([A-Za-z][\w+.-]*):(\/*)/.exec(uri) ?? [];
    if (scheme !== undefined && slashes.length !== 2 && !(slashes.length === 3 && scheme === 'file')) {
      yield { on, path, message: `must read ${scheme}://..., got "${uri}"`, hint: `did you mean "${scheme}://${uri.slice(scheme.length + 1).replace(/^\/+/, '')}"` };
    } else if (uri.startsWith('//')) {
      yield { on, path, message: `has no scheme before "//", got "${uri}"`, hint: 'write s3:, gs:, https:, pvc:, hf: or oci: before it' };
    } else if (scheme === undefined && !uri.startsWith('/')) {
      yield { on, path, severity: 'warning', message: `is a path inside of the server's image, not an address, got "${uri}"`, hint: 'write where the model lies, e.g. s3://bucket/folder' };
    } else if (/\s/.test(uri)) {
      yield { on, path, message: `holds white space, got ${JSON.stringify(uri)}` };
    }
  }
}

/** Texts of a runtime in which placeholders are filled. */
function* openPlaceholders({ runtimes }: LintContext): Generator<Hit> {
  for (const on of runtimes) {
    if (!isRuntime(on.object)) continue;
    for (const [i, container] of on.object.spec.containers.entries()) {
      const path = `spec.containers[${i}]`;
      const texts: readonly (readonly [string, string | undefined])[] = [
        [`${path}.image`, container.image],
        ...(['command', 'args'] as const).flatMap((field) => (container[field] ?? []).map((text, j) => [`${path}.${field}[${j}]`, text] as const)),
        ...(container.env ?? []).map((e, j) => [`${path}.env[${j}].value`, e.value] as const),
      ];
      for (const [at, text = ''] of texts) {
        const [open, closed] = [text.split('{{').length, text.split('}}').length];
        if (open > closed) yield { on, path: at, message: `opens a placeholder with "{{" and does not close it, got "${text}"`, hint: 'write e.g. {{.Name}}' };
      }
    }
  }
}

const IRIS = service(`
  predictor:
    model:
      modelFormat: { name: sklearn }
      storageUri: s3://models/iris
`);
const RUNTIME = runtime(`
  supportedModelFormats: [{ name: own, autoSelect: true }]
  containers:
    - name: kserve-container
      image: registry.example.com/own:1.0
      args: ["--name={{.Name}}"]
`);

/** Texts with a form of their own. */
export const ADDRESS_RULES: readonly Rule[] = [
  {
    code: 'ISVC_LINT_MODEL_ADDRESS', severity: 'error', title: 'Model addresses have a scheme and two slashes',
    why: 'An address without "://" is taken for a path inside of the image: nothing is fetched, and the server starts without a model. KServe takes it without a word.',
    bad: IRIS.replace('s3://', 's3:/'), good: IRIS, check: malformed,
  },
  {
    code: 'ISVC_LINT_PLACEHOLDER', severity: 'error', title: 'Placeholders of runtimes are closed',
    why: 'Only a whole {{...}} is filled in; an open one reaches the server as it stands.',
    bad: documents(RUNTIME.replace('{{.Name}}', '{{.Name}')), good: documents(RUNTIME), check: openPlaceholders,
  },
];
