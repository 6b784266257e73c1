import { ANNOTATION, CONTAINER, type Container } from '../../api';
import type { LintContext } from '../context';
import { documents, rawService, runtime, service } from '../example';
import { flag } from '../gpu/gpu-pods';
import type { Hit, Rule } from '../rule';
import type { ServiceView } from '../service-view';

/** Whole requests or responses on their way to a log. */
function* payloadLogs({ services }: LintContext): Generator<Hit> {
  for (const { on, components } of services) {
    for (const { path, extension: { logger } } of components) {
      if (!logger || logger.marshallerUrl) continue;
      yield {
        on, path: `${path}.logger`, message: `logs whole ${PAYLOAD[logger.mode ?? 'all']} as they are`,
        hint: 'send them through a marshallerUrl that removes what must not be kept, or keep the log as protected as the data',
      };
    }
  }
}

const PAYLOAD = { all: 'requests and responses', request: 'requests', response: 'responses' } as const;

/** Two services with an image each and no model outside of it: the model is baked in. */
function* imagePerModel({ services }: LintContext): Generator<Hit> {
  const baked = services.flatMap((view) => bakedImage(view));
  const images = new Set(baked.map((b) => b.image));
  if (images.size < 2) return;
  for (const { on, path, image } of baked) {
    yield {
      on, path, message: `"${image}" holds its model: ${images.size} services here bring an image each, so every new model is a new image`,
      hint: 'make the server a ServingRuntime and give each service a storageUri',
    };
  }
}

function bakedImage({ on, service: { spec } }: ServiceView): readonly { readonly on: ServiceView['on']; readonly path: string; readonly image: string }[] {
  const { containers = [], storageUris, volumes = [] } = spec.predictor;
  const index = containers.findIndex((c) => c.name === CONTAINER.server || containers.length === 1);
  const server: Container | undefined = containers[index];
  if (!server?.image || spec.predictor.model || storageUris || server.env?.some((e) => e.name === 'STORAGE_URI')) return [];
  // A server that is told which model to fetch brings none.
  if (flag(server, '--model', '--model-id', '--model-name-or-path') !== undefined || server.env?.some((e) => /(^|_)MODEL(_ID|_NAME)?$/.test(e.name))) return [];
  // A claim or an image volume is where such a server finds its model.
  if (volumes.some((v) => 'persistentVolumeClaim' in v || 'image' in v || 'csi' in v || 'nfs' in v)) return [];
  return [{ on, path: `spec.predictor.containers[${index}].image`, image: server.image }];
}

/** Variables with which an environment replaces the code of a server. */
function* preloads({ pods }: LintContext): Generator<Hit> {
  for (const { on, containers } of pods) {
    for (const { container, path } of containers) {
      for (const [i, { name }] of (container.env ?? []).entries()) {
        if (name === 'LD_PRELOAD' || name === 'LD_AUDIT') yield { on, path: `${path}.env[${i}].name`, message: `${name} loads other code into the server`, hint: 'build it into the image' };
        if (name === 'PYTHONPATH' && !on.object.kind.startsWith('Inference')) yield { on, path: `${path}.env[${i}].name`, message: 'PYTHONPATH is refused by KServe in containers of a runtime', hint: 'build it into the image' };
      }
    }
  }
}

/** Runtimes that automatic selection cannot tell apart. */
function* equalPriorities({ runtimes, world }: LintContext): Generator<Hit> {
  for (const on of runtimes) {
    const spec = specOf(on.object);
    if (spec.disabled) continue;
    for (const [i, format] of (spec.supportedModelFormats ?? []).entries()) {
      if (!format.autoSelect) continue;
      const other = world.runtimes.find((r) => {
        if (r === on.object || r.kind !== on.object.kind || r.spec.disabled || (r.spec.multiModel ?? false) !== (spec.multiModel ?? false)) return false;
        if ((r.metadata.namespace ?? '') !== (on.object.metadata.namespace ?? '') || r.metadata.name === on.object.metadata.name) return false;
        if (!sharesProtocol(r.spec.protocolVersions, spec.protocolVersions)) return false;
        return (r.spec.supportedModelFormats ?? []).some((f) => f.autoSelect && f.name.toLowerCase() === format.name.toLowerCase() && f.version === format.version && f.priority === format.priority);
      });
      if (other && format.priority === undefined) yield { on, severity: 'warning', path: `spec.supportedModelFormats[${i}]`, message: `neither this nor ${other.kind} ${other.metadata.name} has a priority for "${format.name}"`, hint: 'give the one that should be chosen a priority' };
      else if (other) yield { on, path: `spec.supportedModelFormats[${i}].priority`, message: `${format.priority} is the priority that ${other.kind} ${other.metadata.name} has for "${format.name}" too`, hint: 'give the one that should be chosen a higher priority' };
    }
  }
}

type RuntimeSpec = LintContext['world']['runtimes'][number]['spec'];

function specOf(object: object): RuntimeSpec {
  return (object as { readonly spec: RuntimeSpec }).spec;
}

function sharesProtocol(a: RuntimeSpec['protocolVersions'], b: RuntimeSpec['protocolVersions']): boolean {
  return !a?.length || !b?.length || a.some((p) => b.includes(p));
}

/** Several-node services that only raw mode can run are refused by validation; a stopped service is easily forgotten. */
function* stopped({ services }: LintContext): Generator<Hit> {
  for (const { on, result } of services) {
    if (result.stopped) yield { on, path: `metadata.annotations["${ANNOTATION.stop}"]`, message: 'is true: the service has no pods and answers nobody', hint: 'remove the annotation to start it' };
  }
}

function logged(logger: string): string {
  return service(`
    predictor:
      logger: ${logger}
      model:
        modelFormat: { name: sklearn }
        storageUri: s3://models/iris
  `);
}

function baked(name: string, image: string, rest = ''): string {
  return rawService(`predictor:\n  containers:\n    - name: kserve-container\n      image: registry.example.com/${image}\n${rest}`, { name });
}

function prioritised(name: string, priority: number): string {
  return runtime(`
    supportedModelFormats: [{ name: own, version: "1", autoSelect: true, priority: ${priority} }]
    protocolVersions: [v1]
    containers:
      - name: kserve-container
        image: registry.example.com/own:1.0
  `, { name });
}

/** What works and is not what a careful platform would do. */
export const PRACTICE_RULES: readonly Rule[] = [
  {
    code: 'ISVC_LINT_RUNTIME_PRIORITY', severity: 'error', title: 'Priorities of runtimes differ',
    why: 'Between two runtimes of one format, version, protocol and priority, age decides which one a model gets. KServe\'s webhook refuses the second one.',
    bad: documents(prioritised('a', 1), prioritised('b', 1)), good: documents(prioritised('a', 1), prioritised('b', 2)), check: equalPriorities,
  },
  {
    code: 'ISVC_LINT_PRELOAD', severity: 'warning', title: 'The environment does not bring code',
    why: 'LD_PRELOAD and PYTHONPATH replace code of the server with whatever lies in a folder; KServe refuses PYTHONPATH for that reason.',
    bad: baked('iris', 'server:1.0', '      env: [{ name: LD_PRELOAD, value: /opt/libfast.so }]'), good: baked('iris', 'server:1.0'), check: preloads,
  },
  {
    code: 'ISVC_LINT_PAYLOAD_LOG', severity: 'info', title: 'Logged payloads are redacted',
    why: 'Requests hold what users sent: names, addresses, pictures. A payload log is a copy of that in another place, with other readers.',
    bad: logged('{ mode: all, url: "http://collector.logs" }'), good: logged('{ mode: all, url: "http://collector.logs", marshallerUrl: "http://redactor.logs" }'), check: payloadLogs,
  },
  {
    code: 'ISVC_LINT_IMAGE_PER_MODEL', severity: 'warning', title: 'Models are data, not images',
    why: 'An image per model means a build, a scan and a pull of gigabytes for every training run. One runtime with a storageUri per model needs none of that.',
    bad: documents(baked('iris', 'iris-server:7'), baked('wine', 'wine-server:3')),
    good: documents(baked('iris', 'server:1.0', '      env: [{ name: STORAGE_URI, value: s3://models/iris }]'), baked('wine', 'server:1.0', '      env: [{ name: STORAGE_URI, value: s3://models/wine }]')), check: imagePerModel,
  },
  {
    code: 'ISVC_LINT_STOPPED', severity: 'info', title: 'Services run',
    why: 'The stop annotation takes every child of a service away. Worth knowing when nobody remembers having set it.',
    bad: service('predictor:\n  model:\n    modelFormat: { name: sklearn }\n    storageUri: s3://models/iris', { annotations: 'serving.kserve.io/stop: "true"' }),
    good: service('predictor:\n  model:\n    modelFormat: { name: sklearn }\n    storageUri: s3://models/iris', { annotations: 'serving.kserve.io/stop: "false"' }), check: stopped,
  },
];
