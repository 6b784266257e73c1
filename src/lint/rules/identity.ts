import type { KubeObject } from '../../api';
import type { LintContext } from '../context';
import type { LintObject } from '../lint-object';
import { documents, object, rawService, service } from '../example';
import { listAt, textAt } from '../read';
import type { Hit, Rule } from '../rule';

/** Two manifests for one object: the later would overwrite the earlier without a word. */
function* duplicates({ objects }: LintContext): Generator<Hit> {
  const first = new Map<string, LintObject>();
  for (const on of objects) {
    const key = identityOf(on.object, on.namespace);
    const earlier = first.get(key);
    if (!earlier) first.set(key, on);
    else yield { on, path: 'metadata.name', message: `the same object stands in ${earlier.placeOf('metadata.name')} already`, hint: 'remove or rename one of them' };
  }
}

/** Children of one resource that another resource, or a manifest beside it, claims too. */
function* collisions({ rendered, objects }: LintContext): Generator<Hit> {
  const owners = new Map<string, LintObject>();
  for (const on of objects) owners.set(identityOf(on.object, on.namespace), on);
  for (const { on, result } of rendered) {
    for (const child of result.children) {
      const key = identityOf(child, child.metadata.namespace ?? 'default');
      const other = owners.get(key);
      if (other && other !== on && !isSame(other, on)) {
        const what = other.object.kind === child.kind ? `${child.kind} "${child.metadata.name}" stands in ${other.placeOf('metadata.name')} already` : `${child.kind} "${child.metadata.name}" belongs to ${other.subject} too`;
        yield { on, path: 'metadata.name', message: `its ${what}`, hint: 'rename one of them' };
        break;
      }
      owners.set(key, on);
    }
  }
}

function identityOf(object: KubeObject, namespace: string): string {
  return `${object.apiVersion.split('/')[0]}/${object.kind}/${namespace}/${object.metadata.name}`;
}

/** A host, with the path where one is named, that two resources answer under. */
function* sharedHosts({ rendered, objects }: LintContext): Generator<Hit> {
  const owners = new Map<string, LintObject>();
  const claimed: [LintObject, string, string][] = [
    ...rendered.flatMap(({ on, result }) => publishedHosts(result).map((host): [LintObject, string, string] => [on, 'metadata.name', host])),
    ...objects.filter((o) => o.usable).flatMap((o) => hostsOf(o).map(([path, host]): [LintObject, string, string] => [o, path, host])),
  ];
  for (const [on, path, host] of claimed) {
    const other = owners.get(host);
    if (!other) owners.set(host, on);
    else if (other !== on && !isSame(other, on)) yield { on, path, message: `"${host}" is the address of ${other.subject} too`, hint: 'rename one of them, or change ingress.domainTemplate' };
  }
}

/** Hosts of a resource and of its components, where they are published. */
function publishedHosts({ endpoints }: LintContext['rendered'][number]['result']): readonly string[] {
  if (!endpoints?.url) return [];
  const urls = [endpoints.url, ...Object.values(endpoints.components).flatMap((c) => (c.url ? [c.url] : []))];
  return [...new Set(urls.map((url) => url.replace(/^\w+:\/\//, '')))];
}

/** Two manifests for one object share everything; that is told once, as such. */
function isSame(a: LintObject, b: LintObject): boolean {
  return identityOf(a.object, a.namespace) === identityOf(b.object, b.namespace);
}

function hostsOf({ object }: LintObject): readonly (readonly [string, string])[] {
  if (object.kind === 'Ingress' && object.apiVersion.startsWith('networking.k8s.io/')) {
    return listAt(object, 'spec', 'rules').flatMap((rule, i) => {
      const paths = listAt(rule, 'http', 'paths').map((p) => textAt(p, 'path') ?? '/');
      return textAt(rule, 'host') ? paths.map((p) => [`spec.rules[${i}].host`, address(textAt(rule, 'host') ?? '', p)] as const) : [];
    });
  }
  if (object.kind === 'HTTPRoute') {
    const paths = listAt(object, 'spec', 'rules').flatMap((rule) => {
      const matches = listAt(rule, 'matches');
      return matches.length === 0 ? ['/'] : matches.map((m) => textAt(m, 'path', 'value') ?? '/');
    });
    return listAt(object, 'spec', 'hostnames').flatMap((host, i) => (typeof host === 'string' ? [...new Set(paths)].map((p) => [`spec.hostnames[${i}]`, address(host, p)] as const) : []));
  }
  if (object.kind === 'DomainMapping' && object.apiVersion.startsWith('serving.knative.dev/')) return [['metadata.name', object.metadata.name]];
  return [];
}

function address(host: string, path: string): string {
  return path === '/' || path === '' || path === '/.*' || path === '^/.*$' ? host : `${host}${path}`;
}

/** Names that children derive from the service's, against the 63 characters of a DNS label. */
function* longNames({ services }: LintContext): Generator<Hit> {
  for (const { on, service: { metadata }, components, mode } of services) {
    for (const { role, path } of components) {
      const child = `${metadata.name}-${role}`;
      const revision = mode === 'Knative' ? `${child}-00001` : child;
      // Validation has said so of the predictor already.
      if (child.length > 63 && role === 'predictor') continue;
      if (revision.length > 63) {
        yield {
          on, path: 'metadata.name', message: `is too long for ${path}: "${revision}" has ${revision.length} characters, 63 are allowed`, hint: `use at most ${63 - (revision.length - metadata.name.length)} characters`,
        };
        break;
      }
    }
  }
}

const IRIS = `
  predictor:
    model:
      modelFormat: { name: sklearn }
      storageUri: s3://models/iris
`;
const LONG = 'an-iris-classifier-whose-name-says-quite-a-lot-of-it';

/** Names and addresses that must not be shared. */
export const IDENTITY_RULES: readonly Rule[] = [
  {
    code: 'ISVC_LINT_DUPLICATE_OBJECT', severity: 'error', title: 'An object stands once',
    why: 'Of two manifests for one object the one that is applied later wins, and which that is depends on the tool.',
    bad: documents(service(IRIS), service(IRIS)), good: documents(service(IRIS), service(IRIS, { name: 'iris-2' })), check: duplicates,
  },
  {
    code: 'ISVC_LINT_CHILD_COLLISION', severity: 'error', title: 'Resources do not claim the same child',
    why: 'Names of children follow from names: two resources that lead to the same Deployment or Service overwrite each other for ever.',
    bad: documents(rawService(IRIS), object('v1', 'Service', 'type: ClusterIP', { name: 'iris-predictor' })),
    good: documents(rawService(IRIS), object('v1', 'Service', 'type: ClusterIP', { name: 'iris-dashboard' })), check: collisions,
  },
  {
    code: 'ISVC_LINT_HOST_CONFLICT', severity: 'error', title: 'A host belongs to one resource',
    why: 'Two resources that publish the same host take each other\'s requests; gateways resolve it by age or not at all.',
    bad: documents(rawService(IRIS, { name: 'iris', namespace: 'models-a' }), rawService(IRIS, { name: 'iris-models', namespace: 'a' })),
    good: documents(rawService(IRIS, { name: 'iris', namespace: 'models' }), rawService(IRIS, { name: 'iris-models', namespace: 'a' })), check: sharedHosts,
  },
  {
    code: 'ISVC_LINT_NAME_LENGTH', severity: 'error', title: 'Names of children fit into DNS',
    why: 'Children are called NAME-transformer, and Knative adds "-00001" for a revision; a DNS label and a label value hold 63 characters. KServe takes the service and never gets its children created.',
    bad: service(IRIS, { name: LONG }), good: service(IRIS, { name: 'iris' }), check: longNames,
  },
];
