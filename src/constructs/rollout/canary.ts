import { ApiObject } from 'cdk8s';
import { Construct, Node } from 'constructs';
import { SERVICE_PORT, type ComponentRole, type DeploymentMode, type KubeObject } from '../../api';
import { componentName, serviceHost } from '../../render';
import { hostOf } from '../../render/hosts';
import { serviceMetadata } from '../../render/metadata';
import { ALL_PATHS, renderHttpRoute } from '../../render/raw/http-route';
import { unpublished } from '../../render/raw/unpublished';
import { apiObjectProps } from '../api-object-props';
import { misuse } from '../check';
import type { InferenceService } from '../inference-service';
import { Platform } from '../platform';
import type { CanaryProps } from './canary-props';
import { asNextRevision, besideStable, versionOverlay } from './change-service';
import { STRATEGIES, currentWeight, weightsOfSteps, type Strategy } from './steps';

const VERSION = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const TAG_OF_LATEST = 'latest';

/**
 * A second version of a service, and how much of its traffic that gets: a rollout by hand, one changed line a step.
 *
 * Raw mode: the version runs beside the stable one (`spec.canary[]`), with a transformer and an explainer of its own.
 * Serverless mode: it is the next Knative revision (`canaryTrafficPercent`). When it has proved itself, move what it
 * changes into the service and remove the canary.
 *
 * @example
 * new Canary(chart, 'iris-v4', { of: iris, predictor: { storageUri: 's3://models/iris/v4' }, steps: [10, 50, 100], at: 10 });
 */
export class Canary extends Construct {
  /** Name of the version. */
  readonly version: string;
  /** Shares of the requests that hold now, in per cent; they add up to 100. */
  readonly weights: { readonly stable: number; readonly canary: number };
  /** Where callers inside the cluster reach this version alone. */
  readonly address: string;
  /** Where callers outside reach this version alone; undefined without an address of its own. */
  readonly url: string | undefined;
  /** The route to the version's own host, for JSON patches; undefined when there is none. */
  readonly apiObject: ApiObject | undefined;

  constructor(scope: Construct, id: string, props: CanaryProps) {
    super(scope, id);
    const { path } = Node.of(this);
    const { of: service, strategy = 'Weighted' } = props;
    const stable = service.resource;
    const mode = modeOf(this, service);
    if (!STRATEGIES.includes(strategy)) throw misuse(this, `strategy must be one of ${STRATEGIES.join(', ')}, got "${String(strategy)}"`, 'take one of them');
    this.version = versionName(this, id, props, stable.metadata.name);
    const weight = currentWeight(path, strategy, weightsOfSteps(path, strategy, props.steps), props.at);
    this.weights = { stable: 100 - weight, canary: weight };
    const mirrored = shadowPercent(this, strategy, mode, props);
    const ownAddress = props.ownAddress ?? strategy === 'BlueGreen';
    const overlay = versionOverlay(path, this.version, props, stable.spec);
    const entry: ComponentRole = overlay.transformer || stable.spec.transformer ? 'transformer' : 'predictor';
    if (mode === 'Standard') {
      service.roll(this, { change: (s) => besideStable(s, overlay, mirrored ?? weight, mirrored !== undefined) });
    } else {
      const observed = rolledOut(this, props);
      service.roll(this, { change: (s) => asNextRevision(s, overlay, weight, ownAddress), ...(observed ? { observed: { rolledOut: observed } } : {}) });
    }
    const place = mode === 'Standard' ? this.rawPlace(service, entry) : this.taggedPlace(service, entry);
    this.address = place.address;
    this.url = ownAddress ? place.url : undefined;
    this.apiObject = ownAddress && place.route ? new ApiObject(this, 'Route', apiObjectProps(place.route)) : undefined;
  }

  private rawPlace(service: InferenceService, entry: ComponentRole): Place {
    const { metadata } = service.resource;
    const world = Platform.worldFor(service);
    const name = componentName(metadata.name, entry, this.version);
    const address = `http://${serviceHost(name, metadata.namespace ?? 'default')}`;
    if (unpublished(service.resource, world) || !world.config.ingress.enableGatewayApi) return { address };
    const host = hostOf(`${metadata.name}-${this.version}`, service.resource, world);
    const request = { name: `${metadata.name}-${this.version}`, hosts: [host], rules: [{ match: ALL_PATHS, backends: [{ service: name, port: SERVICE_PORT }] }] };
    const route = renderHttpRoute(request, service.resource, serviceMetadata(service.resource, 'Standard', world.config), world.config);
    return { address, url: `${world.config.ingress.urlScheme}://${host}`, route };
  }

  /** Knative publishes a tagged revision under its tag; what `latest` means moves with the service. */
  private taggedPlace(service: InferenceService, entry: ComponentRole): Place {
    const { name, namespace = 'default' } = service.resource.metadata;
    const { urlScheme, ingressDomain } = Platform.configFor(service).ingress;
    const tagged = `${TAG_OF_LATEST}-${componentName(name, entry)}`;
    return { address: `http://${serviceHost(tagged, namespace)}`, url: `${urlScheme}://${tagged}.${namespace}.${ingressDomain}` };
  }
}

interface Place {
  readonly address: string;
  readonly url?: string;
  readonly route?: KubeObject;
}

function modeOf(canary: Canary, service: InferenceService): DeploymentMode {
  if (service.mode) return service.mode;
  throw misuse(canary, `service "${service.resource.metadata.name}" does not say its mode, and the two modes split traffic by different fields`, 'set mode of the service, or Platform.of(chart, { mode })');
}

function versionName(canary: Canary, id: string, { version }: CanaryProps, service: string): string {
  const name = version ?? (id.startsWith(`${service}-`) ? id.slice(service.length + 1) : id);
  if (VERSION.test(name)) return name;
  throw misuse(canary, `the version's name must start with a letter and hold only lower case letters, digits and "-", got "${name}"`, 'set version, e.g. "v4"');
}

function shadowPercent(canary: Canary, strategy: Strategy, mode: DeploymentMode, { shadow }: CanaryProps): number | undefined {
  if (strategy !== 'Shadow') {
    if (shadow) throw misuse(canary, `shadow has no effect with strategy ${strategy}`, "set strategy: 'Shadow', or remove shadow");
    return undefined;
  }
  if (mode === 'Knative') throw misuse(canary, 'Knative cannot copy requests to a revision', 'use mode RawDeployment, or strategy BlueGreen and send it test requests');
  const percent = shadow?.percent ?? 100;
  if (Number.isInteger(percent) && percent >= 1 && percent <= 100) return percent;
  throw misuse(canary, `shadow.percent must be a whole per cent from 1 to 100, got ${percent}`, 'write e.g. 100');
}

function rolledOut(canary: Canary, { of: service, stableRevision }: CanaryProps): Partial<Record<ComponentRole, string>> | undefined {
  if (stableRevision !== undefined) return typeof stableRevision === 'string' ? { predictor: stableRevision } : stableRevision;
  if (service.output === 'expand') throw misuse(canary, 'expand output has to name the Knative revision that keeps the other requests', "set stableRevision, e.g. 'iris-predictor-00007'");
  return undefined;
}
